// Entry points of kernels that give each work-item one thing to do. A program has one of them:
// drivers that compile the whole program for each kernel would otherwise do so again and again.
#pragma once

#define SALUS_KERNEL __attribute__((reqd_work_group_size(SALUS_LOCAL, 1, 1))) __kernel void

// Khronos' C++ binding (opencl.hpp) on functions that are looked up when the program runs, so that
// one binary works with and without an OpenCL loader. As glad and volk do it for OpenGL and Vulkan:
// each name stands for a call through a table. Include this header, never <CL/...>.
#pragma once

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include <string>

/// Every function of OpenCL that the backend calls, directly or through opencl.hpp.
// clang-format off
#define SALUS_CL_FUNCTIONS(F)                                                                  \
  F(clBuildProgram) F(clCreateBuffer) F(clCreateCommandQueue) F(clCreateContext)               \
  F(clCreateKernel) F(clCreateProgramWithBinary) F(clCreateProgramWithSource)                  \
  F(clEnqueueCopyBuffer) F(clEnqueueMapBuffer) F(clEnqueueNDRangeKernel)                       \
  F(clEnqueueReadBuffer) F(clEnqueueUnmapMemObject) F(clEnqueueWriteBuffer) F(clFinish)        \
  F(clFlush) F(clGetContextInfo) F(clGetDeviceIDs) F(clGetDeviceInfo)                          \
  F(clGetEventProfilingInfo) F(clGetPlatformIDs) F(clGetPlatformInfo) F(clGetProgramBuildInfo) \
  F(clGetProgramInfo) F(clReleaseCommandQueue) F(clReleaseContext) F(clReleaseDevice)          \
  F(clReleaseEvent) F(clReleaseKernel) F(clReleaseMemObject) F(clReleaseProgram)               \
  F(clRetainCommandQueue) F(clRetainContext) F(clRetainDevice) F(clRetainEvent)                \
  F(clRetainKernel) F(clRetainMemObject) F(clRetainProgram) F(clSetKernelArg)                  \
  F(clWaitForEvents)
// clang-format on

namespace salus::engine::opencl {

/// The functions; null until `load_cl_api` has succeeded.
struct ClApi {
#define SALUS_CL_MEMBER(name) decltype(&::name) name##_pointer = nullptr;
  SALUS_CL_FUNCTIONS(SALUS_CL_MEMBER)
#undef SALUS_CL_MEMBER
};
extern ClApi cl_api;

/// A function that calls the one in the table. opencl.hpp takes the address of some, so that naming
/// the pointers themselves would not do.
template <auto Member>
struct Forward;
template <typename Result, typename... Args, Result (*ClApi::*Member)(Args...)>
struct Forward<Member> {
  static Result call(Args... args) { return (cl_api.*Member)(args...); }
};
namespace forward {
#define SALUS_CL_FORWARD(name) inline constexpr auto& name = Forward<&ClApi::name##_pointer>::call;
SALUS_CL_FUNCTIONS(SALUS_CL_FORWARD)
#undef SALUS_CL_FORWARD
}  // namespace forward

/// Opens the ICD loader, once for the process; it stays open, since drivers do not unload cleanly.
/// Returns why that failed, or an empty string. Thread safe.
const std::string& load_cl_api();

}  // namespace salus::engine::opencl

#define clBuildProgram salus::engine::opencl::forward::clBuildProgram
#define clCreateBuffer salus::engine::opencl::forward::clCreateBuffer
#define clCreateCommandQueue salus::engine::opencl::forward::clCreateCommandQueue
#define clCreateContext salus::engine::opencl::forward::clCreateContext
#define clCreateKernel salus::engine::opencl::forward::clCreateKernel
#define clCreateProgramWithBinary salus::engine::opencl::forward::clCreateProgramWithBinary
#define clCreateProgramWithSource salus::engine::opencl::forward::clCreateProgramWithSource
#define clEnqueueCopyBuffer salus::engine::opencl::forward::clEnqueueCopyBuffer
#define clEnqueueMapBuffer salus::engine::opencl::forward::clEnqueueMapBuffer
#define clEnqueueNDRangeKernel salus::engine::opencl::forward::clEnqueueNDRangeKernel
#define clEnqueueReadBuffer salus::engine::opencl::forward::clEnqueueReadBuffer
#define clEnqueueUnmapMemObject salus::engine::opencl::forward::clEnqueueUnmapMemObject
#define clEnqueueWriteBuffer salus::engine::opencl::forward::clEnqueueWriteBuffer
#define clFinish salus::engine::opencl::forward::clFinish
#define clFlush salus::engine::opencl::forward::clFlush
#define clGetContextInfo salus::engine::opencl::forward::clGetContextInfo
#define clGetDeviceIDs salus::engine::opencl::forward::clGetDeviceIDs
#define clGetDeviceInfo salus::engine::opencl::forward::clGetDeviceInfo
#define clGetEventProfilingInfo salus::engine::opencl::forward::clGetEventProfilingInfo
#define clGetPlatformIDs salus::engine::opencl::forward::clGetPlatformIDs
#define clGetPlatformInfo salus::engine::opencl::forward::clGetPlatformInfo
#define clGetProgramBuildInfo salus::engine::opencl::forward::clGetProgramBuildInfo
#define clGetProgramInfo salus::engine::opencl::forward::clGetProgramInfo
#define clReleaseCommandQueue salus::engine::opencl::forward::clReleaseCommandQueue
#define clReleaseContext salus::engine::opencl::forward::clReleaseContext
#define clReleaseDevice salus::engine::opencl::forward::clReleaseDevice
#define clReleaseEvent salus::engine::opencl::forward::clReleaseEvent
#define clReleaseKernel salus::engine::opencl::forward::clReleaseKernel
#define clReleaseMemObject salus::engine::opencl::forward::clReleaseMemObject
#define clReleaseProgram salus::engine::opencl::forward::clReleaseProgram
#define clRetainCommandQueue salus::engine::opencl::forward::clRetainCommandQueue
#define clRetainContext salus::engine::opencl::forward::clRetainContext
#define clRetainDevice salus::engine::opencl::forward::clRetainDevice
#define clRetainEvent salus::engine::opencl::forward::clRetainEvent
#define clRetainKernel salus::engine::opencl::forward::clRetainKernel
#define clRetainMemObject salus::engine::opencl::forward::clRetainMemObject
#define clRetainProgram salus::engine::opencl::forward::clRetainProgram
#define clSetKernelArg salus::engine::opencl::forward::clSetKernelArg
#define clWaitForEvents salus::engine::opencl::forward::clWaitForEvents

#define CL_HPP_TARGET_OPENCL_VERSION 120
#define CL_HPP_MINIMUM_OPENCL_VERSION 120
#define CL_HPP_ENABLE_EXCEPTIONS
#include <CL/opencl.hpp>

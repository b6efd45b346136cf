// PoCL 3.1 and the LLVM in it never free what they set up once; LeakSanitizer asks this function,
// by name, what not to report. Link it into every test program that opens an OpenCL device.
extern "C" const char* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)

const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "leak:libpocl.so\nleak:libLLVM-\nleak:libclang-cpp.so\nleak:libOpenCL.so\n";
}

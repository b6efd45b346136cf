#include "engine/opencl/cl_api.h"

#include <dlfcn.h>

namespace salus::engine::opencl {

ClApi cl_api;

namespace {

constexpr const char* kLoader = "libOpenCL.so.1";

template <typename Function>
std::string look_up(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
  return function != nullptr ? "" : std::string(kLoader) + " has no " + name;
}

std::string open_loader() {
  void* library = dlopen(kLoader, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return dlerror();
  std::string error;
#define SALUS_CL_LOOK_UP(name) \
  if (error.empty()) error = look_up(library, #name, cl_api.name##_pointer);
  SALUS_CL_FUNCTIONS(SALUS_CL_LOOK_UP)
  return error;
}

}  // namespace

const std::string& load_cl_api() {
  static const std::string error = open_loader();
  return error;
}

}  // namespace salus::engine::opencl

# Which machine code nvcc makes: for every major architecture from Turing (sm_75) on the lowest one
# that this nvcc knows, since code runs on every later GPU of the same major; and PTX of the newest,
# which drivers compile for GPUs to come. Without SALUS_CUDA_ALL only Hopper's, and PTX for all others.
function(salus_cuda_code_options result)
  if(NOT SALUS_CUDA_ALL)
    set(${result} "--generate-code=arch=compute_75,code=[compute_75,sm_90]" PARENT_SCOPE)
    return()
  endif()
  execute_process(COMMAND ${CMAKE_CUDA_COMPILER} --list-gpu-code OUTPUT_VARIABLE known
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "sm_[0-9]+" known "${known}")
  list(TRANSFORM known REPLACE "sm_" "")
  list(FILTER known EXCLUDE REGEX "^([1-6].|7[0-4])$")
  list(SORT known COMPARE NATURAL)
  set(code "")
  set(majors "")
  foreach(architecture IN LISTS known)
    math(EXPR major "${architecture} / 10")
    if(NOT major IN_LIST majors)
      list(APPEND majors ${major})
      list(APPEND code sm_${architecture})
    endif()
    set(newest ${architecture})
  endforeach()
  # From one PTX of the oldest, which nothing here wants to be newer, the front end runs once only.
  list(JOIN code "," code)
  set(${result} "--generate-code=arch=compute_75,code=[${code}]"
                "--generate-code=arch=compute_${newest},code=compute_${newest}" PARENT_SCOPE)
endfunction()

#!/usr/bin/env bash
# Fails when a source file is not formatted; other versions of clang-format disagree in small things.
if ! clang-format --version 2>/dev/null | grep -q 'version 14'; then
  echo "clang-format 14 is not installed"
  exit 77
fi
git ls-files -z -- '*.h' '*.cpp' '*.cu' '*.cuh' | xargs -0 clang-format --dry-run --Werror

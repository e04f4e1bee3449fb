# One INTERFACE target that every target of ours links: language, warnings, sanitizers.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(WAVEWRIGHT_CCACHE ccache)
if(WAVEWRIGHT_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${WAVEWRIGHT_CCACHE}")
endif()
find_program(WAVEWRIGHT_MOLD mold)
if(WAVEWRIGHT_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(project_options INTERFACE)
target_include_directories(project_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(project_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wold-style-cast -Wcast-qual -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(project_options INTERFACE
    -Wsuggest-override -Wduplicated-cond -Wlogical-op -Wno-missing-field-initializers
    # GCC 12 sees these in its own library once std::variant and std::string are inlined (PR 105562, 105651).
    -Wno-maybe-uninitialized -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endif()
if(WAVEWRIGHT_WERROR)
  target_compile_options(project_options INTERFACE -Werror)
endif()
if(WAVEWRIGHT_SANITIZERS)
  add_compile_options(-fsanitize=${WAVEWRIGHT_SANITIZERS} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${WAVEWRIGHT_SANITIZERS})
  if(WAVEWRIGHT_SANITIZERS MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()
target_compile_definitions(project_options INTERFACE WAVEWRIGHT_VERSION="${PROJECT_VERSION}")

# ww_library(NAME SOURCES... [PUBLIC libs...] [PRIVATE libs...]): a static library of ours.
function(ww_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC project_options ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
endfunction()

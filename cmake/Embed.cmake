# ww_embed(TARGET NAME FILES...): compiles files into the target as bytes. Each is found again by
# core::embedded("resources/health/strimzi.yaml"), its path from the project's root (core/base/embedded.h).
function(ww_embed target)
  set(sources "")
  foreach(file IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" NORMALIZE OUTPUT_VARIABLE absolute)
    cmake_path(RELATIVE_PATH absolute BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE relative)
    string(MAKE_C_IDENTIFIER "${relative}" identifier)
    set(source "${CMAKE_CURRENT_BINARY_DIR}/embedded_${identifier}.cpp")
    add_custom_command(OUTPUT "${source}"
      COMMAND ${CMAKE_COMMAND} -DINPUT=${absolute} -DNAME=${relative} -DIDENTIFIER=${identifier}
              -DOUTPUT=${source} -P "${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake"
      DEPENDS "${absolute}" "${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake"
      COMMENT "Embedding ${relative}" VERBATIM)
    list(APPEND sources "${source}")
  endforeach()
  # An object library: a linker would leave such files of a static library out, as nothing names them.
  add_library(${target}_embedded OBJECT ${sources})
  target_link_libraries(${target}_embedded PRIVATE project_options)
  target_link_libraries(${target} INTERFACE $<TARGET_OBJECTS:${target}_embedded> PRIVATE core_base)
  add_dependencies(${target} ${target}_embedded)
endfunction()

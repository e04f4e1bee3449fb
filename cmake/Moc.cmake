# moc without AUTOMOC: AUTOMOC hands moc the compiler's own include folders, and moc 6.4 cannot read GCC 12's
# <concepts>. Without them it reads our files alone, which is all it needs.

# ww_moc_sources(TARGET tst_a.cpp ...): makes tst_a.moc for sources that end with #include "tst_a.moc".
function(ww_moc_sources target)
  foreach(source IN LISTS ARGN)
    cmake_path(GET source STEM stem)
    set(output "${CMAKE_CURRENT_BINARY_DIR}/moc/${stem}.moc")
    add_custom_command(OUTPUT "${output}"
      COMMAND Qt6::moc -p . -o "${output}" "${CMAKE_CURRENT_SOURCE_DIR}/${source}"
      DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${source}" COMMENT "Generating moc of ${stem}${relative}" VERBATIM)
    target_sources(${target} PRIVATE "${output}")
    set_source_files_properties("${source}" PROPERTIES OBJECT_DEPENDS "${output}")
  endforeach()
  target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/moc")
endfunction()

# ww_moc_headers(TARGET folder/a.h ...): compiles moc_a.cpp for headers with Q_OBJECT into the target.
function(ww_moc_headers target)
  foreach(header IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH header BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" OUTPUT_VARIABLE absolute)
    cmake_path(RELATIVE_PATH absolute BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE relative)
    string(MAKE_C_IDENTIFIER "${relative}" identifier)
    set(output "${CMAKE_CURRENT_BINARY_DIR}/moc/moc_${identifier}.cpp")
    add_custom_command(OUTPUT "${output}"
      COMMAND Qt6::moc -f "${relative}" -o "${output}" "${absolute}"
      DEPENDS "${absolute}" COMMENT "Generating moc of ${stem}${relative}" VERBATIM)
    target_sources(${target} PRIVATE "${output}")
  endforeach()
endfunction()

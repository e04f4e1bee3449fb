# Writes OUTPUT: a C++ file that registers the bytes of INPUT under NAME. See Embed.cmake.
file(READ "${INPUT}" hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE "${OUTPUT}" "#include \"core/base/embedded.h\"
namespace {
const unsigned char bytes[] = {${bytes}0};
[[maybe_unused]] const core::EmbeddedFile file {\"${NAME}\", bytes, sizeof bytes - 1};
}
")

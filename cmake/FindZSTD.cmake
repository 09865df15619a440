# Zstandard, as the target ZSTD::ZSTD. Installed too, for those who link peercert::scan.
include(${CMAKE_CURRENT_LIST_DIR}/find_plain_library.cmake)
find_plain_library(ZSTD zstd.h zstd)

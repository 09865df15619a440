# Libidn2, as the target IDN2::IDN2. Installed too, for those who link peercert::ssl.
include(${CMAKE_CURRENT_LIST_DIR}/find_plain_library.cmake)
find_plain_library(IDN2 idn2.h idn2)

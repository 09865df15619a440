// SPDX-License-Identifier: Apache-2.0
// parse_subject_alt_name(): every GeneralName lies inside the input and has a text, or an error.
#include <peercert/x509/extension.hpp>

#include "walk.hpp"

namespace peercert::fuzz {

void run(Bytes input) {
  const Result<GeneralNamesView> names = parse_subject_alt_name(input);
  check(names.error().offset <= input.size());
  if (names) walk(*names, input);
}

}  // namespace peercert::fuzz

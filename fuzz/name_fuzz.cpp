// SPDX-License-Identifier: Apache-2.0
// read_name(): attributes lie inside the input, have well-formed text, and are safe to show.
#include <peercert/render/text.hpp>
#include <peercert/x509/field.hpp>

#include "walk.hpp"

namespace peercert::fuzz {

void run(Bytes input) {
  der::Progress progress{input.data(), Field::subject};
  der::Reader in(input, progress);
  const NameView name = read_name(in);
  check(progress.error.offset <= input.size());
  if (progress.failed()) return;
  walk(name, input);
  check_shown(to_text(name));
  check_shown(to_short_text(name));
}

}  // namespace peercert::fuzz

// SPDX-License-Identifier: Apache-2.0
#include <peercert/x509/algorithm_identifier.hpp>
#include <peercert/x509/object_names.hpp>

#include "x509/algorithms.hpp"

namespace peercert {

std::string_view AlgorithmIdentifier::name() const noexcept {
  if (const std::optional<ObjectName> known = find_object_name(algorithm)) return known->long_name;
  const KeyAlgorithm* const younger = find_key_algorithm(algorithm);
  return younger != nullptr ? younger->name : std::string_view();
}

AlgorithmIdentifier read_algorithm_identifier(der::Reader& in) noexcept {
  der::Reader algorithm_identifier = in.enter(der::kSequence);
  AlgorithmIdentifier out;
  out.algorithm = algorithm_identifier.read_oid();
  out.parameters = algorithm_identifier.rest().first(0);
  if (algorithm_identifier.more()) {
    const der::Element parameters = algorithm_identifier.read_any();
    // ANY: nothing but their place tells these two octets from the end of an indefinite length.
    const bool is_end_of_contents =
        parameters.identifier() == 0 && parameters.encoded().size() == 2;
    if (is_end_of_contents)
      algorithm_identifier.fail(Errc::unexpected_end, parameters.encoded().data());
    out.parameters = parameters.encoded();
  }
  algorithm_identifier.finish();
  return out;
}

}  // namespace peercert

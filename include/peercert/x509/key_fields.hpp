// SPDX-License-Identifier: Apache-2.0
// Visits the values of keys and algorithms.
#pragma once

#include <peercert/x509/field_visitor.hpp>
#include <peercert/x509/public_key.hpp>

namespace peercert {

/// Whether there is something to tell: neither absent nor NULL.
bool has_parameters(const AlgorithmIdentifier& algorithm) noexcept;
/// The parameters as one value: an object for RSASSA-PSS, else as the type that their tag tells.
void visit_parameters(const AlgorithmIdentifier& algorithm, FieldVisitor& to);

/// An object: the algorithm and its parameters, if it has any.
void visit(const AlgorithmIdentifier& algorithm, FieldVisitor& to);

/// The key as one object: the numbers or bytes that it consists of, with the parameters that
/// belong to them. One that its type cannot read is an error and bytes.
void visit_key(const PublicKeyView& key, FieldVisitor& to);

/// An object: algorithm, name and bits if they are known, and the key.
void visit(const PublicKeyView& key, FieldVisitor& to);

}  // namespace peercert

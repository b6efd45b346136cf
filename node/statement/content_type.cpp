#include <array>
#include <utility>

#include "node/statement/statement.h"

namespace salus::node {
namespace {

/// In the order of `ContentType`.
constexpr std::array<std::string_view, 9> kMediaTypes = {
    "application/senml+cbor",
    "application/senml+json",
    "application/fhir+json",
    "application/vnd.salus.key-registration+cbor",
    "application/vnd.salus.key-rotation+cbor",
    "application/vnd.salus.key-revocation+cbor",
    "application/vnd.salus.data-seal+cbor",
    "application/vnd.salus.erasure+cbor",
    "application/vnd.salus.validator+cbor",
};
static_assert(kMediaTypes.size() == static_cast<std::size_t>(ContentType::validator) + 1);

}  // namespace

std::string_view media_type(ContentType type) {
  return kMediaTypes[static_cast<std::size_t>(type)];
}

std::optional<ContentType> content_type_from_media_type(std::string_view text) {
  for (std::size_t i = 0; i < kMediaTypes.size(); ++i)
    if (kMediaTypes[i] == text) return static_cast<ContentType>(i);
  return std::nullopt;
}

}  // namespace salus::node

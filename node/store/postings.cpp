#include "node/store/postings.h"

#include <map>
#include <numeric>
#include <tuple>
#include <vector>

#include "node/store/byte_order.h"

namespace salus::node {

namespace {

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
constexpr int kMaxVarintShift = 63;

std::uint64_t zigzag(std::uint64_t difference) {
  return (difference << 1) ^ (difference & kSign ? ~std::uint64_t{0} : 0);
}
std::uint64_t unzigzag(std::uint64_t value) { return (value >> 1) ^ (~(value & 1) + 1); }

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

template <typename Integer>
void append_big(std::string& out, Integer value) {
  const Integer swapped = big_endian(value);
  out.append(reinterpret_cast<const char*>(&swapped), sizeof swapped);
}

/// One value, statement by statement.
class PostingWriter {
 public:
  explicit PostingWriter(bool with_times) : with_times_(with_times) {}

  void add(std::uint32_t index, std::int64_t time) {
    append_varint(value_, index - index_);
    index_ = index;
    if (!with_times_) return;
    // Modulo 2^64, so that no time overflows.
    const auto now = static_cast<std::uint64_t>(time);
    append_varint(value_, zigzag(now - time_));
    time_ = now;
  }
  [[nodiscard]] const std::string& value() const { return value_; }
  void clear() {
    value_.clear();
    index_ = 0;
    time_ = 0;
  }

 private:
  bool with_times_;
  std::string value_;
  std::uint32_t index_ = 0;
  std::uint64_t time_ = 0;
};

/// The statements such that those with the same term are together, in their order. There are far
/// fewer terms than statements, and often the same one again: sorting would compare text that lies
/// all over the memory some twenty times a statement.
template <typename TermOf>
std::vector<std::uint32_t> order_by_term(std::span<const IndexTerms> terms, TermOf term_of) {
  using Term = decltype(term_of(terms.front()));
  std::map<Term, std::uint32_t> numbers;
  std::vector<std::uint32_t> number_of(terms.size());
  std::vector<std::uint32_t> places(1);  // of each term's first statement; one behind the last
  auto last = numbers.end();
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const Term term = term_of(terms[i]);
    if (last == numbers.end() || last->first != term) {
      bool is_new = false;
      std::tie(last, is_new) =
          numbers.try_emplace(term, static_cast<std::uint32_t>(numbers.size()));
      if (is_new) places.push_back(0);
    }
    number_of[i] = last->second;
    ++places[last->second + 1];
  }
  std::partial_sum(places.begin(), places.end(), places.begin());
  std::vector<std::uint32_t> order(terms.size());
  for (std::uint32_t i = 0; i < terms.size(); ++i) order[places[number_of[i]]++] = i;
  return order;
}

/// Writes an entry for each term.
template <typename TermOf, typename PrefixOf, typename Take>
void group(Height height, std::span<const IndexTerms> terms, TermOf term_of, PrefixOf prefix_of,
           bool with_times, const Take& take) {
  const std::vector<std::uint32_t> order = order_by_term(terms, term_of);
  PostingWriter writer(with_times);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const IndexTerms& statement = terms[order[i]];
    writer.add(order[i], statement.time);
    if (i + 1 < order.size() && term_of(terms[order[i + 1]]) == term_of(statement)) continue;
    std::string key = prefix_of(statement);
    if (!key.empty()) {
      append_big(key, height);
      take(key, writer.value());
    }
    writer.clear();
  }
}

std::string_view text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string posting_prefix(IndexKind kind, Bytes term) {
  std::string key;
  key.reserve(2 + term.size() + sizeof(Height));
  key += static_cast<char>(kind);
  key += static_cast<char>(static_cast<std::uint8_t>(term.size()));
  key += text(term);
  return key;
}

std::string time_prefix(std::int64_t time) {
  std::string key(1, static_cast<char>(IndexKind::time));
  append_big(key, static_cast<std::uint64_t>(time) ^ kSign);
  return key;
}

Height posting_height(Bytes key) {
  return load_big<Height>(key.data() + key.size() - sizeof(Height));
}

std::int64_t posting_time(Bytes key) {
  return static_cast<std::int64_t>(load_big<std::uint64_t>(key.data() + 1) ^ kSign);
}

void make_postings(Height height, std::span<const IndexTerms> terms,
                   const std::function<void(const std::string&, const std::string&)>& take) {
  const auto prefix = [](IndexKind kind, Bytes term) {
    return term.empty() ? std::string() : posting_prefix(kind, term);
  };
  group(
      height, terms, [](const IndexTerms& each) { return text(each.signer); },
      [&](const IndexTerms& each) { return prefix(IndexKind::signer, each.signer); }, true, take);
  group(
      height, terms, [](const IndexTerms& each) { return each.subject; },
      [&](const IndexTerms& each) { return prefix(IndexKind::subject, as_bytes(each.subject)); },
      true, take);
  group(
      height, terms, [](const IndexTerms& each) { return each.type; },
      [&](const IndexTerms& each) {
        return posting_prefix(IndexKind::type, {&each.type, 1});
      },
      true, take);
  group(
      height, terms, [](const IndexTerms& each) { return each.time; },
      [&](const IndexTerms& each) { return time_prefix(each.time); }, false, take);
}

std::uint64_t PostingReader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift <= kMaxVarintShift && !rest_.empty(); shift += 7) {
    const std::uint8_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  damaged_ = true;
  return 0;
}

std::optional<IndexHit> PostingReader::next() {
  if (rest_.empty() || damaged_) return std::nullopt;
  index_ += static_cast<std::uint32_t>(varint());
  if (!fixed_time_) {
    time_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(time_) + unzigzag(varint()));
  }
  if (damaged_) return std::nullopt;
  return IndexHit{fixed_time_.value_or(time_), {height_, index_}};
}

}  // namespace salus::node

#include <expat.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <memory>
#include <vector>

#include "engine/error.h"
#include "trial/records/xml/odm_cells.h"
#include "trial/records/xml/odm_records.h"
#include "trial/records/xml/xml_name.h"

namespace salus::trial {
namespace {

constexpr int kChunk = 64 << 10;
/// The parser looks at an unfinished tag again with every chunk: a short limit keeps that short.
constexpr std::size_t kMaxTag = std::size_t{1} << 20;

struct ParserDeleter {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, ParserDeleter>;

class OdmReader final : public BatchedReader {
 public:
  OdmReader(files::Descriptor file, std::string name)
      : file_(std::move(file)),
        name_(std::move(name)),
        parser_(XML_ParserCreateNS(nullptr, kNamespaceSeparator)),
        cells_(kMaxOdmRecord) {
    if (!parser_) throw std::bad_alloc();
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
  }

  [[nodiscard]] std::string_view canonical_form() const override { return kOdmForm; }

 private:
  bool read_some(BatchBuilder& builder) override {
    void* const buffer = XML_GetBuffer(parser_.get(), kChunk);
    if (buffer == nullptr) throw std::bad_alloc();
    ssize_t count = 0;
    do {
      count = pread(file_.number(), buffer, kChunk, static_cast<off_t>(offset_));
    } while (count < 0 && errno == EINTR);
    if (count < 0) throw Error(ErrorKind::system, name_ + ": " + std::strerror(errno));
    offset_ += static_cast<std::uint64_t>(count);
    builder_ = &builder;
    const bool good =
        XML_ParseBuffer(parser_.get(), static_cast<int>(count), count == 0) == XML_STATUS_OK;
    builder_ = nullptr;
    if (failure_) rethrow();
    if (!good) refuse(XML_ErrorString(XML_GetErrorCode(parser_.get())));
    // The parser keeps a tag until it has all of it.
    const XML_Index parsed = XML_GetCurrentByteIndex(parser_.get());
    if (parsed >= 0 && offset_ - static_cast<std::uint64_t>(parsed) > kMaxTag)
      refuse(fmt::format("a tag of more than {} MiB", kMaxTag >> 20));
    return count != 0;
  }

  [[noreturn]] void refuse(std::string_view reason) const {
    throw Error(ErrorKind::input, fmt::format("{}: line {}: {}", name_,
                                              XML_GetCurrentLineNumber(parser_.get()), reason));
  }

  [[noreturn]] void rethrow() const {
    try {
      std::rethrow_exception(failure_);
    } catch (const Error& error) {
      refuse(error.what());
    }
  }

  /// Exceptions do not pass through the parser, which is C: the first is kept, and parsing stops.
  template <typename Work>
  static void guard(void* self, const Work& work) {
    auto& reader = *static_cast<OdmReader*>(self);
    if (reader.failure_) return;
    try {
      work(reader);
    } catch (...) {
      reader.failure_ = std::current_exception();
      XML_StopParser(reader.parser_.get(), XML_FALSE);
    }
  }

  static void on_start(void* self, const XML_Char* name, const XML_Char** attributes) {
    guard(self, [&](OdmReader& reader) {
      reader.attributes_.clear();
      for (; *attributes != nullptr; attributes += 2)
        reader.attributes_.push_back({cell_name_of(attributes[0]), attributes[1]});
      reader.cells_.start(cell_name_of(name), reader.attributes_);
    });
  }

  static void on_end(void* self, const XML_Char*) {
    guard(self, [](OdmReader& reader) { reader.cells_.end(*reader.builder_); });
  }

  static void on_text(void* self, const XML_Char* text, int length) {
    guard(self, [&](OdmReader& reader) {
      reader.cells_.text({text, static_cast<std::size_t>(length)});
    });
  }

  static void on_doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    guard(self, [](OdmReader&) {
      throw Error(ErrorKind::input, "a document type declaration, which is not taken");
    });
  }

  files::Descriptor file_;
  std::string name_;
  Parser parser_;
  OdmCells cells_;
  std::uint64_t offset_ = 0;
  std::vector<OdmCells::Attribute> attributes_;
  BatchBuilder* builder_ = nullptr;
  std::exception_ptr failure_;
};

}  // namespace

std::unique_ptr<RecordReader> open_odm(files::Descriptor file, std::string name) {
  return std::make_unique<OdmReader>(std::move(file), std::move(name));
}

}  // namespace salus::trial

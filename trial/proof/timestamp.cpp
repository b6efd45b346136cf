#include "trial/proof/timestamp.h"

#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <ctime>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "engine/signature/openssl_object.h"
#include "trial/proof/utc_time.h"

namespace salus::trial {
namespace {

using engine::Release;
using namespace engine::signature;  // NOLINT: owners of OpenSSL's objects

using OwnedRequest = std::unique_ptr<TS_REQ, Release<TS_REQ_free>>;
using OwnedImprint = std::unique_ptr<TS_MSG_IMPRINT, Release<TS_MSG_IMPRINT_free>>;
using OwnedInteger = std::unique_ptr<ASN1_INTEGER, Release<ASN1_INTEGER_free>>;
using OwnedAlgorithm = std::unique_ptr<X509_ALGOR, Release<X509_ALGOR_free>>;
using OwnedResponse = std::unique_ptr<TS_RESP, Release<TS_RESP_free>>;
using OwnedStore = std::unique_ptr<X509_STORE, Release<X509_STORE_free>>;
using OwnedVerification = std::unique_ptr<TS_VERIFY_CTX, Release<TS_VERIFY_CTX_free>>;

/// Its members belong to the token that it is of.
struct ReleaseSigners {
  void operator()(STACK_OF(X509) * signers) const { sk_X509_free(signers); }
};
using OwnedSigners = std::unique_ptr<STACK_OF(X509), ReleaseSigners>;

OwnedAlgorithm sha256_algorithm() {
  OwnedAlgorithm algorithm(X509_ALGOR_new());
  require_openssl(algorithm && X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256),
                                               V_ASN1_NULL, nullptr) == 1,
                  "name an algorithm");
  return algorithm;
}

std::vector<std::uint8_t> encoded(const TS_REQ* request) {
  const int size = i2d_TS_REQ(request, nullptr);
  require_openssl(size > 0, "encode a request for a time stamp");
  std::vector<std::uint8_t> out(static_cast<std::size_t>(size));
  std::uint8_t* end = out.data();
  require_openssl(i2d_TS_REQ(request, &end) == size, "encode a request for a time stamp");
  return out;
}

OwnedResponse read_response(Bytes bytes) {
  if (bytes.size() > kMaxTimestampBytes) return nullptr;
  const std::uint8_t* at = bytes.data();
  OwnedResponse response(d2i_TS_RESP(nullptr, &at, static_cast<long>(bytes.size())));
  if (!response || at != bytes.data() + bytes.size()) return nullptr;
  // Another encoding of the same would be another file.
  std::uint8_t* again = nullptr;
  const int size = i2d_TS_RESP(response.get(), &again);
  const auto release = [](std::uint8_t* encoding) { OPENSSL_free(encoding); };
  const std::unique_ptr<std::uint8_t, decltype(release)> owner(again, release);
  if (size < 0 || !std::ranges::equal(Bytes(again, static_cast<std::size_t>(size)), bytes))
    return nullptr;
  return response;
}

bool is_granted(TS_RESP* response) {
  const long status =
      ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response)));
  return status == TS_STATUS_GRANTED || status == TS_STATUS_GRANTED_WITH_MODS;
}

bool is_over(TS_TST_INFO* info, std::string_view checkpoint) {
  TS_MSG_IMPRINT* const imprint = TS_TST_INFO_get_msg_imprint(info);
  const X509_ALGOR* const algorithm = TS_MSG_IMPRINT_get_algo(imprint);
  const ASN1_OBJECT* name = nullptr;
  X509_ALGOR_get0(&name, nullptr, nullptr, algorithm);
  const ASN1_OCTET_STRING* const hash = TS_MSG_IMPRINT_get_msg(imprint);
  const Digest digest = openssl_sha256(as_bytes(checkpoint));
  return OBJ_obj2nid(name) == NID_sha256 &&
         std::ranges::equal(
             Bytes(ASN1_STRING_get0_data(hash), static_cast<std::size_t>(ASN1_STRING_length(hash))),
             digest);
}

bool repeats(TS_TST_INFO* info, std::uint64_t nonce) {
  const ASN1_INTEGER* const repeated = TS_TST_INFO_get_nonce(info);
  std::uint64_t value = 0;
  return repeated != nullptr && ASN1_INTEGER_get_uint64(&value, repeated) == 1 && value == nonce;
}

/// Whether the token is signed by the certificate that it brings; what the certificate is worth is
/// another question.
bool signature_holds(PKCS7* token) {
  return PKCS7_verify(token, nullptr, nullptr, nullptr, nullptr, PKCS7_NOVERIFY) == 1;
}

std::int64_t seconds_of(const ASN1_GENERALIZEDTIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  return timegm(&parts);
}

std::string name_of(const X509* certificate) {
  const OwnedBio out(BIO_new(BIO_s_mem()));
  require_openssl(out && X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0,
                                            XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0,
                  "print a name");
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

OwnedStore load_authorities(const std::string& file) {
  OwnedStore store(X509_STORE_new());
  require_openssl(store != nullptr, "hold certificates");
  if (X509_STORE_load_file(store.get(), file.c_str()) != 1)
    throw Error(ErrorKind::input, file + ": no certificates in PEM that can be read");
  return store;
}

/// Whether the certificate is for time stamping, is the one that the token names, and led to one of
/// the authorities at that time: certificates end, what they signed before does not.
bool is_trusted(PKCS7* token, const std::string& authorities, std::int64_t time) {
  OwnedStore store = load_authorities(authorities);
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), static_cast<std::time_t>(time));
  const OwnedVerification context(TS_VERIFY_CTX_new());
  require_openssl(context != nullptr, "verify a time stamp");
  TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_SIGNATURE);
  TS_VERIFY_CTX_set_store(context.get(), store.release());  // owned by it from now on
  return TS_RESP_verify_token(context.get(), token) == 1;
}

}  // namespace

std::vector<std::uint8_t> timestamp_request(std::string_view checkpoint,
                                            std::optional<std::uint64_t> nonce) {
  const ClearErrors clear_errors;
  const OwnedRequest request(TS_REQ_new());
  const OwnedImprint imprint(TS_MSG_IMPRINT_new());
  const OwnedAlgorithm algorithm = sha256_algorithm();
  Digest digest = openssl_sha256(as_bytes(checkpoint));
  require_openssl(request && imprint && TS_REQ_set_version(request.get(), 1) == 1 &&
                      TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
                      TS_MSG_IMPRINT_set_msg(imprint.get(), digest.data(),
                                             static_cast<int>(digest.size())) == 1 &&
                      TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1 &&
                      TS_REQ_set_cert_req(request.get(), 1) == 1,
                  "make a request for a time stamp");
  if (nonce) {
    const OwnedInteger number(ASN1_INTEGER_new());
    require_openssl(number && ASN1_INTEGER_set_uint64(number.get(), *nonce) == 1 &&
                        TS_REQ_set_nonce(request.get(), number.get()) == 1,
                    "make a request for a time stamp");
  }
  return encoded(request.get());
}

std::variant<Timestamp, std::string> check_timestamp(Bytes bytes, std::string_view checkpoint,
                                                     const std::string& authorities,
                                                     std::optional<std::uint64_t> nonce) {
  const ClearErrors clear_errors;
  const OwnedResponse response = read_response(bytes);
  if (!response) return "not a response to a request for a time stamp";
  if (!is_granted(response.get())) return "the authority did not grant it";
  PKCS7* const token = TS_RESP_get_token(response.get());
  TS_TST_INFO* const info = TS_RESP_get_tst_info(response.get());
  if (token == nullptr || info == nullptr || PKCS7_type_is_signed(token) != 1)
    return "it holds no time stamp";
  if (!is_over(info, checkpoint)) return "it is over another checkpoint";
  if (nonce && !repeats(info, *nonce)) return "it answers another request: the nonce is not ours";

  const OwnedSigners signers(PKCS7_get0_signers(token, nullptr, 0));
  if (!signers || sk_X509_num(signers.get()) != 1) return "it brings no certificate of its signer";
  if (!signature_holds(token)) return "its signature does not hold";

  X509* const signer = sk_X509_value(signers.get(), 0);
  const std::int64_t time = seconds_of(TS_TST_INFO_get_time(info));
  Timestamp out{utc_text(time), name_of(signer), false};
  if (!authorities.empty()) {
    if (!is_trusted(token, authorities, time))
      return "its certificate does not lead to an authority that you trust";
    out.is_trusted = true;
  }
  return out;
}

}  // namespace salus::trial

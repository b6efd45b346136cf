#include "node/api/reply.h"

#include <nlohmann/json.hpp>

namespace salus::node::api {

Reply problem(unsigned status, std::string_view reason, std::string_view detail) {
  nlohmann::ordered_json body;
  body["type"] = "urn:salus:problem:" + std::string(reason);
  body["title"] = status_phrase(status);
  body["status"] = status;
  body["reason"] = reason;
  body["detail"] = detail;
  return {status, "application/problem+json", body.dump() + "\n", {}};
}

std::string_view status_phrase(unsigned status) {
  switch (status) {
    case 200: return "OK";
    case 202: return "Accepted";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return "Unknown";
  }
}

}  // namespace salus::node::api

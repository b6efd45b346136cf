// Where in a file something differs from what was sealed.
#pragma once

#include "engine/engine.h"
#include "trial/content/content_hasher.h"
#include "trial/verify/verification.h"

namespace salus::trial {

/// Says of a file that differs from its line in the seal which chunks do, and which records where
/// those are sealed and `request.secret` is there. The outcome is `changed`, `records_equal`, or
/// `unreadable` where the file is not any more what `result` was read from. Throws as
/// `verify_study`.
Finding examine_changed(const VerifyRequest& request, const StudyFolder& study,
                        const SealedFile& file, const ContentResult& result,
                        const engine::JobControl& control);

}  // namespace salus::trial

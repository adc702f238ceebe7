// A candidate as a bundle (core/bundle.h): all that its bytes were made from.
#pragma once

#include <string>
#include <vector>

#include "native/reporter/candidate.h"
#include "native/reporter/setup.h"

namespace candor {

// `as_grant`: it is what PreviewGrant made, which rests on no consent yet. `hidden`: pointers that
// were taken out of the facts beforehand. REQUIRES: `candidate` was made with `setup`.
std::string BundleOf(const Setup& setup, const Candidate& candidate, bool as_grant,
                     const std::vector<std::string>& hidden = {});

}  // namespace candor

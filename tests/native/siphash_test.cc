#include "native/counters/siphash.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

// What Python 3.11 has for hash() of these bytes with PYTHONHASHSEED=0: SipHash-1-3, key 0.
TEST(SipHashTest, AgreesWithAnotherImplementation) {
  EXPECT_EQ(SipHash({}, "a"), 0x407448d2b89b1813u);
  EXPECT_EQ(SipHash({}, "12345678"), 0x3489982430560a87u);
  EXPECT_EQ(SipHash({}, "candor counts exactly"), 0x49660e4ee6c27c54u);
}

// The first vector of the reference program for the key 00 01 .. 0f.
TEST(SipHashTest, DependsOnTheKey) {
  EXPECT_EQ(SipHash({0x0706050403020100, 0x0f0e0d0c0b0a0908}, ""), 0xabac0158050fc4dcu);
}

}  // namespace
}  // namespace candor

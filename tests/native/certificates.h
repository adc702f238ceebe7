// Certificates made when a test runs, good and bad ones.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace candor {

// PEM texts.
struct Identity {
  std::string certificate, key;
};

// A private key in PEM that needs a password.
std::string EncryptedKey();

struct CertificateWish {
  std::vector<std::string> names = {"localhost"};  // DNS names; "127.0.0.1" becomes an address.
  int days_before = 1, days_after = 1;             // Validity from now on; both may be negative.
  bool self_signed = false;
};

// An authority of its own, new with each object.
class CertificateAuthority {
 public:
  explicit CertificateAuthority(const std::string& name);
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  const std::string& certificate() const { return certificate_; }  // PEM
  // What its file must be called in a folder of authorities.
  std::string FileName() const;
  Identity Issue(const CertificateWish& wish) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
  std::string certificate_;
};

}  // namespace candor

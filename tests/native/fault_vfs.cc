#include "tests/native/fault_vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <cstring>

namespace candor {
namespace {

struct FaultFile {
  sqlite3_file base;
  sqlite3_file* real;
};

std::atomic<int> calls{0};
std::atomic<bool> ignores_sync{false};
FaultPlan current;
sqlite3_vfs* real_vfs = nullptr;

bool Fails() {
  const int call = ++calls;
  return current.at != 0 && (current.forever ? call >= current.at : call == current.at);
}

// `broken` is what the call answers on a broken disk; only what asks for room finds it full.
int Answer(int broken, bool asks_for_room) {
  if (current.reason == FaultPlan::Reason::kNoMemory) return SQLITE_NOMEM;
  if (current.reason == FaultPlan::Reason::kFull && asks_for_room) return SQLITE_FULL;
  return broken;
}

sqlite3_file* Real(sqlite3_file* file) { return reinterpret_cast<FaultFile*>(file)->real; }
const sqlite3_io_methods& Methods(sqlite3_file* file) { return *Real(file)->pMethods; }

int Close(sqlite3_file* file) { return Methods(file).xClose(Real(file)); }
int Read(sqlite3_file* file, void* out, int size, sqlite3_int64 at) {
  if (Fails()) return Answer(SQLITE_IOERR_READ, false);
  return Methods(file).xRead(Real(file), out, size, at);
}
int Write(sqlite3_file* file, const void* in, int size, sqlite3_int64 at) {
  if (Fails()) {
    // A part of it may be there.
    Methods(file).xWrite(Real(file), in, size / 2, at);
    return Answer(SQLITE_IOERR_WRITE, true);
  }
  return Methods(file).xWrite(Real(file), in, size, at);
}
int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (Fails()) return Answer(SQLITE_IOERR_TRUNCATE, false);
  return Methods(file).xTruncate(Real(file), size);
}
int Sync(sqlite3_file* file, int flags) {
  if (ignores_sync) return SQLITE_OK;
  if (Fails()) return Answer(SQLITE_IOERR_FSYNC, false);
  return Methods(file).xSync(Real(file), flags);
}
int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  if (Fails()) return Answer(SQLITE_IOERR_FSTAT, false);
  return Methods(file).xFileSize(Real(file), size);
}
int Lock(sqlite3_file* file, int how) {
  if (Fails()) return Answer(SQLITE_IOERR_LOCK, false);
  return Methods(file).xLock(Real(file), how);
}
int Unlock(sqlite3_file* file, int how) { return Methods(file).xUnlock(Real(file), how); }
int CheckReservedLock(sqlite3_file* file, int* out) {
  return Methods(file).xCheckReservedLock(Real(file), out);
}
int FileControl(sqlite3_file* file, int what, void* with) {
  return Methods(file).xFileControl(Real(file), what, with);
}
int SectorSize(sqlite3_file* file) { return Methods(file).xSectorSize(Real(file)); }
int DeviceCharacteristics(sqlite3_file* file) {
  return Methods(file).xDeviceCharacteristics(Real(file));
}
int ShmMap(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  if (Fails()) return Answer(SQLITE_IOERR_SHMMAP, true);
  return Methods(file).xShmMap(Real(file), region, size, extend, out);
}
int ShmLock(sqlite3_file* file, int offset, int n, int flags) {
  if ((flags & SQLITE_SHM_LOCK) != 0 && Fails()) return Answer(SQLITE_IOERR_SHMLOCK, false);
  return Methods(file).xShmLock(Real(file), offset, n, flags);
}
void ShmBarrier(sqlite3_file* file) { Methods(file).xShmBarrier(Real(file)); }
int ShmUnmap(sqlite3_file* file, int remove) { return Methods(file).xShmUnmap(Real(file), remove); }

constexpr sqlite3_io_methods kMethods = {2,
                                         Close,
                                         Read,
                                         Write,
                                         Truncate,
                                         Sync,
                                         FileSize,
                                         Lock,
                                         Unlock,
                                         CheckReservedLock,
                                         FileControl,
                                         SectorSize,
                                         DeviceCharacteristics,
                                         ShmMap,
                                         ShmLock,
                                         ShmBarrier,
                                         ShmUnmap,
                                         nullptr,
                                         nullptr};

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* fault = reinterpret_cast<FaultFile*>(file);
  fault->base.pMethods = nullptr;
  fault->real = reinterpret_cast<sqlite3_file*>(fault + 1);
  if (Fails()) return Answer(SQLITE_CANTOPEN, true);
  const int opened = real_vfs->xOpen(real_vfs, name, fault->real, flags, out_flags);
  if (fault->real->pMethods != nullptr) fault->base.pMethods = &kMethods;
  return opened;
}

int Delete(sqlite3_vfs*, const char* name, int sync) {
  if (Fails()) return Answer(SQLITE_IOERR_DELETE, false);
  return real_vfs->xDelete(real_vfs, name, sync);
}

int Access(sqlite3_vfs*, const char* name, int flags, int* out) {
  if (Fails()) return Answer(SQLITE_IOERR_ACCESS, false);
  return real_vfs->xAccess(real_vfs, name, flags, out);
}

int FullPathname(sqlite3_vfs*, const char* name, int size, char* out) {
  return real_vfs->xFullPathname(real_vfs, name, size, out);
}

}  // namespace

void FaultVfs::Install() {
  if (real_vfs != nullptr) return;
  real_vfs = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs vfs;
  std::memcpy(&vfs, real_vfs, sizeof(vfs));
  vfs.zName = "candor-fault";
  vfs.szOsFile = static_cast<int>(sizeof(FaultFile)) + real_vfs->szOsFile;
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  vfs.xAccess = Access;
  vfs.xFullPathname = FullPathname;
  sqlite3_vfs_register(&vfs, 1);
}

void FaultVfs::Plan(const FaultPlan& plan) {
  current = plan;
  calls = 0;
}

bool FaultVfs::Failed() { return current.at != 0 && calls >= current.at; }

void FaultVfs::IgnoreSync() { ignores_sync = true; }

}  // namespace candor

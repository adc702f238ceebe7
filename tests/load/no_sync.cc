// To be loaded before others: nothing is synced, and everybody is told that it was.
extern "C" {
int fsync(int) { return 0; }
int fdatasync(int) { return 0; }
int sync_file_range(int, long, long, unsigned) { return 0; }
}

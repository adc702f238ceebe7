/* The C face of the core: one call that runs any operation of core/operation.h.
 *
 * (1) Inputs are (pointer, size) pairs, borrowed until candor_perform() returns.
 * (2) A reply owns its bytes until candor_reply_free(). NULL instead of a reply means that memory
 *     ran out before there was anything to own.
 * (3) Status 0: the output is the answer. 2: the input has problems, which are the errors (text, or
 *     JSON with the input "option:json"). 1: wrong use, or memory ran out; the errors say which.
 * (4) Sizes are uint32_t, never size_t: the same on both targets.
 * (5) Nothing is kept between calls. Functions may be called from distinct threads at once; one
 *     reply belongs to one thread at a time.
 * (6) A WebAssembly instance that trapped is not to be used again: its heap may be half changed.
 *     Natively nothing traps and no exception leaves. */
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CANDOR_ABI_VERSION 1u

/* A named input: "config:app.json", "facts", "option:json"; names are UTF-8 without a final NUL.
 * A pointer may be NULL where its size is 0. */
typedef struct candor_input {
  const uint8_t* name;
  uint32_t name_size;
  const uint8_t* data;
  uint32_t data_size;
} candor_input;

typedef struct candor_reply candor_reply;

enum { CANDOR_OUTPUT = 0, CANDOR_ERRORS = 1 };

/* CANDOR_ABI_VERSION as it was compiled in: a caller of another one must not go on. */
uint32_t candor_abi_version(void);

/* `size` bytes, aligned for a candor_input, for a caller with no heap of its own; NULL when there
 * are none. Freed by candor_free(), which also takes NULL. */
void* candor_alloc(uint32_t size);
void candor_free(void* memory);

/* Runs the operation of this name (UTF-8) over `count` inputs, in their order. */
candor_reply* candor_perform(const uint8_t* operation, uint32_t operation_size,
                             const candor_input* inputs, uint32_t count);

uint32_t candor_reply_status(const candor_reply* reply);

/* The bytes of one part, CANDOR_OUTPUT or CANDOR_ERRORS; they live as long as the reply. NULL and 0
 * for an empty or unknown part. */
const uint8_t* candor_reply_data(const candor_reply* reply, uint32_t part);
uint32_t candor_reply_size(const candor_reply* reply, uint32_t part);

/* Takes NULL, too. */
void candor_reply_free(candor_reply* reply);

#ifdef __cplusplus
}
#endif

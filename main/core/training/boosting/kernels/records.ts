/**
 * Where things lie in the memory that the threads of a fit share: read by the kernels, which are AssemblyScript, and by the program that feeds
 * them. Every number is a count of bytes. AssemblyScript compiles this file too, so it holds plain whole numbers only.
 */

/** Sum of gradients (int64), then rows << shift | sum of hessians (int64). */
export const cellBytes = 16
/** A scratch histogram has room for 256 cells; eight of them fill 32 KiB, which stay in the first-level cache. */
export const scratchFeatureBytes = 4096
export const blockFeatures = 8
/** Features whose codes lie together in one record of a row: one cache line. */
export const groupFeatures = 64
/** Scratch of a thread for a group of features. */
export const scratchBytes = 262144

/** The block that leader and helpers speak through. Words that different threads write lie on cache lines of their own. */
export const control = 1024
export const ticketAt = 1024
export const doneAt = 1088
export const wakeAt = 1152
export const sleepersAt = 1216
export const closedAt = 1280
/** Words of the present job: its kind, then what it needs. */
export const jobAt = 1344
/** int64 one row, int64 shift, int64 fewest rows, f64 smallest hessian, f64 l2, f64 least gain, all but rows in whole units. */
export const rulesAt = 1536
/** Sums of the smaller and of the larger child: int64 gradients, int64 rows and hessians. */
export const smallSumsAt = 1664
export const largeSumsAt = 1680
export const firstFree = 2048

/** column u32, record u32, stride i32, bins i32, offset of its cells u32, bytes of a code i32 (1 or 2), edges u32, categorical i32, place in the scratch i32 */
export const featureBytes = 36
/** first feature i32, features i32 */
export const blockBytes = 8
/** first block i32, blocks i32 */
export const taskBytes = 8
/** f64 score, i32 feature (-1: none), i32 bin, i32 missing left, padding, int64 gradients left, int64 rows and hessians left */
export const bestBytes = 64
/** column u32 (0: leaf), route u32, left i32 (of a leaf: its number), right i32, bytes of a code i32, padding */
export const nodeBytes = 32
/** values u32, keys u32, other keys u32, number of keys i32, feature i32, padding */
export const stagedBytes = 32
/** from i32, to i32 */
export const rangeBytes = 8
/** f64 x 2 linear part of the loss, f64 x 2 product of 1 + e */
export const partialBytes = 32
/** Counts of a radix sort with three digits of 11 bits. */
export const radixBytes = 24576

/** Rows of one task that goes over rows; the products of 1 + e of so many rows cannot overflow. */
export const chunkRows = 1024
/** Rows of one task of a walk. */
export const walkRows = 8192
/** Rows whose records are fetched once for all blocks of a task. */
export const tileRows = 8192
/** Rows of one task that counts rows of a group for all to join. */
export const tallyRows = 8192

export const jobSort = 1
export const jobBin = 2
export const jobCount = 3
export const jobPartition = 4
export const jobPlace = 5
export const jobMark = 6
export const jobWalk = 7
export const jobAdd = 8
export const jobLogistic = 9
export const jobScan = 10
export const jobTally = 11

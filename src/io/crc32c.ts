/** The polynomial of Castagnoli, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** Four tables, so that four bytes take one step: at n * 256 + b the checksum of byte b with n zeros behind it. */
const TABLES = new Int32Array(4 * 256);
for (let byte = 0; byte < 256; byte += 1) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  TABLES[byte] = crc;
}
for (let at = 256; at < TABLES.length; at += 1) {
  const shorter = TABLES[at - 256] ?? 0;
  TABLES[at] = (shorter >>> 8) ^ (TABLES[shorter & 0xff] ?? 0);
}

/** CRC-32C of the bytes from `start` on, unsigned: what Kafka checks a record batch by (RFC 3720, appendix B.4). */
export const crc32c = (bytes: Buffer, start: number): number => {
  const inFours = bytes.length - 3;
  let crc = -1;
  let at = start;
  for (; at < inFours; at += 4) {
    crc ^= bytes.readInt32LE(at);
    crc = shifted(3, crc) ^ shifted(2, crc >>> 8) ^ shifted(1, crc >>> 16) ^ shifted(0, crc >>> 24);
  }
  for (; at < bytes.length; at += 1) crc = shifted(0, crc ^ bytes.readUInt8(at)) ^ (crc >>> 8);
  return ~crc >>> 0;
};

/** Of the lowest byte, with so many zeros behind it. */
const shifted = (zeros: number, value: number): number => TABLES[(zeros << 8) | (value & 0xff)] ?? 0;

import CBLAKE3

/// BLAKE3 of bytes that come piece by piece: 32 bytes that name them. Any thread, one at a time.
///
/// The text is cut into chunks of 1024 bytes, the leaves of a binary tree whose left side is always full; what is not
/// yet known to be the last chunk is kept back, because the root is compressed differently.
package struct BLAKE3 {
  private typealias Value = [UInt32]

  private static let key: Value = [
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
  ]
  private static let chunkBytes = BLAKE3_CHUNK_BYTES
  private static let blockBytes = BLAKE3_BLOCK_BYTES
  private static let lanes = BLAKE3_LANES

  /// Whole subtrees to the left, the largest first.
  private var subtrees: [Value] = []
  private var chunks: UInt64 = 0
  /// Bytes of the chunk that is not complete, or not yet known not to be the last.
  private var rest: [UInt8] = []

  package init() {}

  package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var bytes = bytes[...]
    if !rest.isEmpty {
      let wanted = min(Self.chunkBytes - rest.count, bytes.count)
      rest += bytes.prefix(wanted)
      bytes = bytes.dropFirst(wanted)
      guard !bytes.isEmpty else { return }
      rest.withUnsafeBytes { takeChunk($0) }
      rest.removeAll(keepingCapacity: true)
    }
    while bytes.count > Self.lanes * Self.chunkBytes { takeEight(&bytes) }
    while bytes.count > Self.chunkBytes {
      takeChunk(UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.chunkBytes)))
      bytes = bytes.dropFirst(Self.chunkBytes)
    }
    rest += bytes
  }

  /// The digest of what has come so far; more may follow.
  package func digest() -> [UInt8] {
    var last = rest.withUnsafeBytes {
      Self.chunk($0, counter: chunks, last: subtrees.isEmpty ? BLAKE3_ROOT : 0)
    }
    for (index, subtree) in subtrees.enumerated().reversed() {
      last = Self.parent(subtree, last, isRoot: index == 0)
    }
    return last.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }

  private mutating func takeEight(_ bytes: inout Slice<UnsafeRawBufferPointer>) {
    var values = Value(repeating: 0, count: 8 * Self.lanes)
    let piece = UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.lanes * Self.chunkBytes))
    guard let place = piece.bindMemory(to: UInt8.self).baseAddress else { return }
    blake3_eight_chunks(place, chunks, &values)
    for lane in 0..<Self.lanes { add(Value(values[8 * lane..<8 * lane + 8])) }
    bytes = bytes.dropFirst(piece.count)
  }

  private mutating func takeChunk(_ bytes: UnsafeRawBufferPointer) {
    add(Self.chunk(bytes, counter: chunks, last: 0))
  }

  /// Merges as many subtrees as are whole with it: one for each power of two that the number of chunks holds.
  private mutating func add(_ value: Value) {
    var value = value
    chunks += 1
    for _ in 0..<chunks.trailingZeroBitCount {
      guard let left = subtrees.popLast() else { break }
      value = Self.parent(left, value, isRoot: false)
    }
    subtrees.append(value)
  }

  /// At most a chunk; `last` are flags of its last block beside those of a chunk's end.
  private static func chunk(_ bytes: UnsafeRawBufferPointer, counter: UInt64, last: Int) -> Value {
    var value = key
    var block = [UInt8](repeating: 0, count: blockBytes)
    var place = 0
    repeat {
      let count = min(blockBytes, bytes.count - place)
      for index in 0..<blockBytes { block[index] = index < count ? bytes[place + index] : 0 }
      var flags = place == 0 ? UInt32(BLAKE3_CHUNK_START) : 0
      if place + count == bytes.count { flags |= UInt32(BLAKE3_CHUNK_END) | UInt32(last) }
      var out = Value(repeating: 0, count: 8)
      blake3_block(value, block, UInt32(count), counter, flags, &out)
      value = out
      place += count
    } while place < bytes.count
    return value
  }

  private static func parent(_ left: Value, _ right: Value, isRoot: Bool) -> Value {
    let flags = UInt32(BLAKE3_PARENT) | (isRoot ? UInt32(BLAKE3_ROOT) : 0)
    var out = Value(repeating: 0, count: 8)
    (left + right).withUnsafeBytes { words in
      guard let block = words.bindMemory(to: UInt8.self).baseAddress else { return }
      blake3_block(key, block, UInt32(blockBytes), 0, flags, &out)
    }
    return out
  }
}

import CPage

/// A file of the page's, which came into the program when it was built. Any thread.
struct PageFile: Sendable {
  let name: String
  let type: String
  let bytes: [UInt8]
  /// As in `ETag`: another one for other bytes.
  let tag: String

  static let all: [PageFile] = {
    var files: [PageFile] = []
    while let file = cg_page_file_at(UInt(files.count)) { files.append(PageFile(file.pointee)) }
    return files
  }()

  private init(_ file: cg_page_file) {
    name = String(cString: file.name)
    type = String(cString: file.type)
    bytes = Array(UnsafeBufferPointer(start: file.bytes, count: Int(file.count)))
    // FNV-1a: nobody but our own build chooses the bytes.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    tag = "\"\(String(hash, radix: 16))\""
  }
}

import CSndFile
import Glibc
import Threading

/// libsndfile's handle for one file, closed when the value goes. One thread at a time.
struct SoundFile: ~Copyable {
  let handle: OpaquePointer
  let info: SF_INFO
  /// The number of frames in `info` is a guess, never too low.
  let isLengthEstimated: Bool
  /// What the library reads from or writes to: it must stay open until the handle is closed.
  private let owner: AnyObject
  private var isClosed = false

  /// The library keeps the reason of a failed opening in a global, so openings take turns.
  private static let opening = Locked(())

  private struct Opened {
    var address: UInt
    var info: SF_INFO
    var failure: String
  }

  /// Opens for reading. Opening by descriptor keeps the library from guessing headerless formats by the
  /// ending of a name. Returns nil with the library's words in `failure`, as the others do.
  init?(reading file: RegularFile, failure: inout String) {
    let opened = Self.open(info: SF_INFO()) { Self.open(file.descriptor, SFM_READ, &$0) }
    self.init(opened, owner: file, isLengthEstimated: false, failure: &failure)
  }

  init?(reading source: PositionedFile, failure: inout String) {
    var functions = PositionedFile.functions
    let context = Unmanaged.passUnretained(source).toOpaque()
    let opened = Self.open(info: SF_INFO()) { sf_open_virtual(&functions, Int32(SFM_READ), &$0, context) }
    self.init(opened, owner: source, isLengthEstimated: false, failure: &failure)
  }

  init?(reading source: LengthenedFile, failure: inout String) {
    var functions = LengthenedFile.functions
    let context = Unmanaged.passUnretained(source).toOpaque()
    let opened = Self.open(info: SF_INFO()) { sf_open_virtual(&functions, Int32(SFM_READ), &$0, context) }
    self.init(opened, owner: source, isLengthEstimated: true, failure: &failure)
  }

  init?(writing target: WriteTarget, info: SF_INFO, failure: inout String) {
    let opened = Self.open(info: info) { Self.open(target.descriptor, SFM_WRITE, &$0) }
    self.init(opened, owner: target, isLengthEstimated: false, failure: &failure)
  }

  private init?(_ opened: Opened, owner: AnyObject, isLengthEstimated: Bool, failure: inout String) {
    guard let handle = OpaquePointer(bitPattern: opened.address) else {
      failure = opened.failure
      return nil
    }
    self.handle = handle
    self.info = opened.info
    self.isLengthEstimated = isLengthEstimated
    self.owner = owner
  }

  deinit {
    if !isClosed { sf_close(handle) }
  }

  /// Closes now, which writes what is still to be written. Returns the system's error number, 0 when all went
  /// well.
  consuming func close() -> Int32 {
    isClosed = true
    errno = 0
    let result = sf_close(handle)
    let code = errno
    return result == 0 ? 0 : (code == 0 ? EIO : code)
  }

  private static func open(info: SF_INFO, _ call: (inout SF_INFO) -> OpaquePointer?) -> Opened {
    opening.withLock { _ in
      var info = info
      let handle = call(&info)
      let failure = handle == nil ? String(cString: sf_strerror(nil)) : ""
      return Opened(address: UInt(bitPattern: handle), info: info, failure: failure)
    }
  }

  /// The library gets a duplicate of its own to close. Versions from 1.0.30 on close the descriptor of a
  /// failed opening even when told not to (libsndfile issue 949), and by the time its owner did, the number
  /// could belong to another thread's file.
  private static func open(_ descriptor: Int32, _ mode: Int, _ info: inout SF_INFO) -> OpaquePointer? {
    let own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    return sf_open_fd(own, Int32(mode), &info, Int32(SF_TRUE))
  }

  /// The library's words for the last failure on this handle; nil when there was none.
  var failure: String? {
    sf_error(handle) == SF_ERR_NO_ERROR ? nil : String(cString: sf_strerror(handle))
  }

  /// The speaker of each channel as the file names it; nil when it does not.
  var channelMap: [Int]? {
    var map = [Int32](repeating: 0, count: Int(info.channels))
    let size = Int32(map.count * MemoryLayout<Int32>.size)
    guard sf_command(handle, Int32(SFC_GET_CHANNEL_MAP_INFO), &map, size) == SF_TRUE else { return nil }
    return map.map { Int($0) }
  }
}

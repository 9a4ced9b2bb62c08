#if FUZZING
  import FuzzSurfaces

  // The two functions that libFuzzer looks for, on its one thread.

  /// Set before the first input.
  nonisolated(unsafe) private var surface = Surface.smf

  /// Takes the name of the surface out of the arguments.
  @_cdecl("LLVMFuzzerInitialize")
  func initialize(
    _ count: UnsafeMutablePointer<Int32>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
  ) -> Int32 {
    let texts = words.pointee
    surface = Fuzz.begin((1..<Int(count.pointee)).compactMap { texts[$0].map { String(cString: $0) } })
    for index in 1..<Int(count.pointee) { texts[index] = texts[index + 1] }
    count.pointee -= 1
    return 0
  }

  @_cdecl("LLVMFuzzerTestOneInput")
  func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    _ = surface.take(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  }
#endif

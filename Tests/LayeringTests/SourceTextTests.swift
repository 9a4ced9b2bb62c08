import Testing

/// The reading of Swift files, on which the other tests stand.
struct SourceTextTests {
  @Test func importsAreFoundHoweverTheyAreWritten() {
    let text = SourceText(
      """
      import A
      @testable import B
        @preconcurrency internal import struct C.D
      // import E
      /// import F
      /* import G
      import H
      */ import I
      import J // import K
      let important = "import"
      package import L
      """)
    #expect(text.imports == ["A", "B", "C", "I", "J", "L"])
  }

  @Test func marksAreFoundOnTheLineOrAboveIt() {
    let text = SourceText(
      """
      @_noLocks
      private mutating func a() {}
      func b() {}
      @_noLocks init() {}
      /// @_noLocks
      init(c: Int) {}
      @inline(__always)
      @_noLocks
      static func d<T>() {}
      final class E {}
      self.init()
      """)
    let found = text.lines.indices.compactMap { text.declaration(at: $0) }
      .filter { ["func", "init"].contains($0.keyword) }
    #expect(found.map(\.isMarked) == [true, false, true, false, true])
    #expect(text.declaration(at: 9)?.keyword == "class")
  }

  @Test func dependenciesAreReadFromTheManifest() throws {
    #expect(try SourceTree.declaredDependencies(of: "MusicalTime") == ["CMath"])
    #expect(try SourceTree.declaredDependencies(of: "MIDI") == [])
    #expect(try SourceTree.declaredDependencies(of: "garden")?.contains("ControlSocket") == true)
    #expect(try SourceTree.declaredDependencies(of: "ControlPlane")?.contains("Threading") == true)
    #expect(try SourceTree.declaredDependencies(of: "Nobody") == nil)
  }
}

import JACKBench
import SoakScenes
import Testing

extension EndToEnd {
  /// The scenes of `scripts/soak` with counts that fit here; the full ones are 300 seconds, and 1000 notes at each of
  /// five periods.
  @Suite(.enabled(if: JACKServer.obstacle == nil, Comment(rawValue: JACKServer.obstacle ?? "")))
  struct LongScenes {
    private func soak(seconds: Int, times: Int) -> Soak {
      Soak(program: "\(Stage.programs)/chaosgarden", root: Stage.root, seconds: seconds, times: times)
    }

    /// Late cycles are not judged here: a debug build has another budget. The release build's are, in `scripts/soak`.
    @Test func `JACK's thread wakes once a cycle and meets no new page, while a client edits`() throws {
      let counts = try soak(seconds: 6, times: 1).threadCounts()
      #expect(counts.cycles > 300 && counts.edits > 20, "\(counts)")
      #expect(counts.wakesOnceACycle, "\(counts)")
      #expect(counts.faults == 0, "\(counts)")
    }

    @Test(arguments: [64, 128, 256, 512, 1024])
    func `Twenty notes through JACK begin within 32 frames of a steady beat`(period: Int) throws {
      let onsets = try soak(seconds: 5, times: 20).wholeOnsets(period: period)
      #expect(Soak.areWithinHalfTheGrid(onsets, times: 20), "\(onsets)")
      #expect(onsets.halfSpread(spacing: 4825) > 16, "the beat is not on the grid of 64 frames")
    }
  }

  struct SceneMeasures {
    /// Notes on the synth's grid, 4825 frames apart: up to 32 frames to either side of a steady beat.
    @Test func `A cycle that is lost moves the beat of a scene and does not widen it`() {
      let steady = (0..<1000).map { (4825 * $0 + 32) / 64 * 64 }
      let moved = steady.enumerated().map { $0.element + ($0.offset < 300 ? 0 : 128) }
      #expect(Onsets(frames: steady).halfSpread(spacing: 4825) == 32)
      #expect(Onsets(frames: moved).halfSpread(spacing: 4825) > 64)
      #expect(Onsets(frames: moved).halfSpread(spacing: 4825, within: 32, moves: 0) == nil)
      let found = Onsets(frames: moved).halfSpread(spacing: 4825, within: 32, moves: 3)
      #expect(found?.frames == 32 && found?.moves == 1)
      #expect(
        Onsets(frames: moved).words(of: 1000, spacing: 4825, lost: 1)
          == "1000 of 1000 notes within ±32 frames of a beat that lost cycles have moved 1 times")
    }
  }
}

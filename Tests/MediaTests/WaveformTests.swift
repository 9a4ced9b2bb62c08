import Media
import Testing

struct WaveformTests {
  private func draw(_ left: [Float], _ right: [Float]? = nil, columns: Int, rows: Int) -> [String] {
    Waveform.text(left: left, right: right, frames: left.count, columns: columns, rows: rows)
  }

  @Test func eachColumnIsAsTallAsItsPeak() {
    #expect(draw([0.125, -0.5, 0, 1], columns: 4, rows: 1) == ["▁▄ █"])
    // Sixteen eighths in two rows: 2, 8, 0, 16 and 12 of them.
    #expect(draw([0.125, -0.5, 0, 1, 0.75], columns: 5, rows: 2) == ["   █▄", "▂█ ██"])
  }

  @Test func theLouderSideCounts() {
    #expect(draw([0, 1, 0.25], [0.5, 0, -0.5], columns: 3, rows: 1) == ["▄█▄"])
  }

  @Test func theLoudestColumnFillsTheHeightAndTheFaintestShows() {
    #expect(draw([0.01, 0.000_001, 0], columns: 3, rows: 1) == ["█▁ "])
  }

  @Test func framesAreSharedOutEvenly() {
    #expect(draw([1, 0, 0, 0, 0, 0.5, 0, 0], columns: 4, rows: 1) == ["█ ▄ "])
    #expect(draw([1, 0.5], columns: 4, rows: 1) == ["██▄▄"])
    // More frames than bins: the last quarter sounds.
    let long = [Float](repeating: 0, count: 75_000) + [Float](repeating: 0.3, count: 25_000)
    #expect(draw(long, columns: 8, rows: 1) == ["      ██"])
  }

  @Test func silenceNothingAndNoNumbersAreBlank() {
    #expect(draw([0, 0], columns: 3, rows: 2) == ["   ", "   "])
    #expect(draw([], columns: 3, rows: 1) == ["   "])
    #expect(draw([.nan, 1], columns: 2, rows: 1) == [" █"])
    #expect(draw([.infinity, 1], columns: 2, rows: 1) == ["█▁"])
  }

  @Test func theSizeIsHeldWithinItsLimits() {
    #expect(draw([1], columns: 0, rows: -5) == ["█"])
    let large = draw([1], columns: .max, rows: .max)
    #expect(large.count == 100 && large.allSatisfy { $0.count == 1_000 })
  }

  @Test func aFileIsDrawnLikeItsSamples() throws {
    let folder = try TestFolder()
    let sound = sine(3, rate: 48_000, frames: 48_000)
    let path = try folder.write(floatWAV(rate: 48_000, channels: 1, sound), to: "a.wav")
    let drawing = try Waveform.text(path: path, columns: 60, rows: 4)
    #expect(drawing == draw(sound, columns: 60, rows: 4))
    #expect(drawing.count == 4 && drawing.allSatisfy { $0.count == 60 })
    let error = refusal { () throws(MediaError) in try Waveform.text(path: folder.path, columns: 60, rows: 4)
    }
    #expect(error?.kind == .isDirectory)
  }
}

import Media
import Testing

struct ConcurrencyTests {
  @Test func readersAndWritersOnManyThreadsDoNotMixUpTheirFilesOrTheirReasons() async throws {
    let folder = try TestFolder()
    let text = try folder.write(Array("no audio at all, only words".utf8), to: "text.wav")
    let opus = try fixture("stereo.opus")
    await withTaskGroup(of: Void.self) { group in
      for number in 1...8 {
        group.addTask {
          for round in 1...10 {
            do throws(MediaError) {
              var writer = try AudioFileWriter(path: folder("\(number).wav"), sampleRate: 48_000, channels: 1)
              try writer.write([Float](repeating: Float(number) / 16, count: round))
              try writer.close()
              let buffer = try AudioFileReader.load(path: folder("\(number).wav"), sampleRate: 48_000)
              #expect(samples(buffer.left, buffer) == [Float](repeating: Float(number) / 16, count: round))
              #expect(try AudioFileReader.load(path: opus, sampleRate: 44_100).frames == 22_050)
            } catch {
              Issue.record(error)
            }
            #expect(loadRefusal(text)?.found == "Format not recognised.")
          }
        }
      }
    }
    #expect(try folder.names.count == 9)
  }
}

import Foundation
import Testing

extension EndToEnd {
  struct Rendering {
    @Test func `The same files give the same render, whatever the block`() throws {
      try Stage.run { stage in
        try Material.noise(stage.file("noise.wav"), frames: 30_000)
        var renders: [Data] = []
        for block in [16, 100, 1024, 8192] {
          let outcome = try stage.chaosgarden(
            "render", "-o", "\(block).wav", "--block", "\(block)", "--soundfont", Stage.font, "--to", "2:1",
            Stage.demo("chords.mid"), Stage.demo("drums.mid"), stage.file("noise.wav"))
          try #require(outcome.status == 0, "\(outcome.error)")
          renders.append(try Data(contentsOf: URL(fileURLWithPath: stage.file("\(block).wav"))))
        }
        #expect(renders[0].count > 700_000)
        for render in renders.dropFirst() { #expect(render == renders[0]) }
        let sound = try Material.samples(stage.file("16.wav"))
        #expect((sound.left.max() ?? 0) > 0.1)
      }
    }
  }
}

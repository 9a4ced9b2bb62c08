import Foundation
import HootWire
import Testing

extension EndToEnd {
  /// Fonts that change under the music, sharp timing, and renders by several threads.
  struct Timing {
    @Test func `A render is the same file whatever the number of threads`() throws {
      try Stage.run { stage in
        for timing in ["normal", "sharp"] {
          var files: [Data] = []
          for threads in ["1", "2", "5"] {
            let report = try stage.json(
              "render", "-o", "\(timing)-\(threads).wav", "--threads", threads, "--timing", timing,
              "--soundfont", Stage.font, "--to", "9:1", Stage.demo("demo.mid"), Stage.demo("texture.wav"))
            #expect(report["silent"] == false)
            files.append(
              try Data(contentsOf: URL(fileURLWithPath: stage.file("\(timing)-\(threads).wav"))))
          }
          #expect(files[1] == files[0] && files[2] == files[0])
        }
        let none = try stage.execute(
          "garden", ["render", "-o", "no.wav", "--threads", "0", Stage.demo("demo.mid")])
        #expect(none.status == 64 && none.refusal.count == 3)
      }
    }

    @Test func `A font and a timing change while a song plays, and no note is lost`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon("--timing", "sharp")
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act(
          "region_add", ["file": .string(Stage.demo("lead.mid")), "track": "lead", "tempo": "adopt"])
        func timing() throws -> JSONValue? {
          try stage.json("track", "ls")["tracks"]?.array?.first?["timing"]
        }
        #expect(try timing() == "sharp")
        try peer.act("play", ["from": "1:1"])
        for choice in ["normal", "sharp", "normal"] {
          try peer.act("track_set", ["track": "lead", "timing": .string(choice)])
          #expect(try timing() == .string(choice))
          try peer.act("soundfont_use", ["font": .string(Stage.font), "track": "lead"])
          try peer.act("soundfont_use", ["font": "embedded", "track": "lead"])
        }
        let status = try stage.json("status")
        #expect(status["transport"]?["state"] == "rolling")
        let late = try peer.refusal(of: "track_set", ["track": "lead", "timing": "late"])
        #expect(late.exit == 64)
      }
    }
  }
}

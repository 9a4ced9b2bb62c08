import Generators
import MIDI

extension Surface {
  static func takeABC(_ bytes: [UInt8]) -> String {
    let book = ABCParser.parse(bytes)
    demand(book.diagnostics.count <= GeneratorLimits.diagnostics, "diagnostics are limited")
    for diagnostic in book.diagnostics {
      demand(diagnostic.line >= 1 && diagnostic.column >= 1, "a diagnostic has a place")
      _ = refusal([diagnostic.message])
    }
    for tune in book.tunes.prefix(8) { play(tune) }
    let text = String(decoding: bytes, as: UTF8.self)
    guard book.isValid, Array(text.utf8) == bytes else {
      return "refused: \(book.diagnostics.first?.message ?? "it is no text")"
    }
    transpose(text, book)
    return "\(book.tunes.count) tunes"
  }

  private static func play(_ tune: ABCTune) {
    do throws(GeneratorError) {
      let sequence = try tune.sequence()
      var last: Int64 = 0
      for event in sequence.events {
        demand(event.tick >= last && event.channel < 16 && event.data1 < 128 && event.data2 < 128, "\(event)")
        last = event.tick
      }
      guard sequence.events.count < 100_000, !sequence.events.isEmpty else { return }
      do throws(SMFError) {
        let again = try SMFReader.read(SMFWriter.write(sequence))
        demand(again.noteCount == sequence.noteCount, "every note is in the file")
      } catch {
        demand(false, "what was written reads: \(error.what)")
      }
    } catch {
      _ = refusal([error.what, error.why, error.next])
    }
  }

  /// Up and down again is the same text, or beyond the keys there are.
  private static func transpose(_ text: String, _ book: ABCBook) {
    do throws(GeneratorError) {
      let up = try ABCTransposer.transpose(text, by: 5)
      demand(ABCParser.parse(up.text).isValid, "what was transposed reads: \(up.text)")
      _ = try ABCTransposer.transpose(up.text, by: -5)
    } catch {
      _ = refusal([error.what, error.why, error.next])
    }
  }
}

import Jobs
import Testing

struct JobIDTests {
  /// Gives the numbers it was made with, over and over.
  struct Fixed: RandomNumberGenerator {
    var values: [UInt64]
    var index = 0

    mutating func next() -> UInt64 {
      defer { index += 1 }
      return values[index % values.count]
    }
  }

  @Test func aMintedIdIsAUUIDOfVersion7WithItsTimeInFront() {
    var generator = Fixed(values: [.max, .max])
    let id = JobID.mint(milliseconds: 0x0123_4567_89AB, using: &generator)
    #expect(id.text == "01234567-89ab-7fff-bfff-ffffffffffff")
  }

  @Test func idsSortByTheTimeOfTheirMinting() {
    var generator = SystemRandomNumberGenerator()
    let ids = (0..<1000).map { JobID.mint(milliseconds: 1_700_000_000_000 + $0, using: &generator) }
    #expect(ids == ids.sorted() && ids.map(\.text) == ids.map(\.text).sorted())
    #expect(Set(ids).count == 1000)
  }

  @Test func theTextComesBackWhateverItsCaseAndHyphens() {
    let id = JobID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
    #expect(id.text == "01234567-89ab-cdef-fedc-ba9876543210")
    #expect(JobID(id.text) == id && JobID(id.text.uppercased()) == id)
    #expect(JobID("0123456789abcdeffedcba9876543210") == id)
  }

  @Test(arguments: [
    "", "0", "01234567-89ab-cdef-fedc-ba987654321", "01234567-89ab-cdef-fedc-ba98765432100",
    "01234567-89ab-cdef-fedc-ba987654321g", "0123456789ab-cdef-fedc-ba9876543210----",
    "{1234567-89ab-cdef-fedc-ba987654321}", "０1234567-89ab-cdef-fedc-ba98765432",
  ])
  func whatIsNoIdIsRefused(text: String) { #expect(JobID(text) == nil) }
}

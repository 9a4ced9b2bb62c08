import Testing

@testable import Jobs

struct RankedSetTests {
  @Test func aRankedSetIsASortedArray() {
    var (set, model, dice) = (RankedSet<Int>(), Set<Int>(), Dice(seed: 4))
    for step in 0..<40_000 {
      let key = Int.random(in: 0..<6_000, using: &dice)
      if Bool.random(using: &dice) || step < 4_000 {
        let (one, other) = (set.insert(key), model.insert(key).inserted)
        #expect(one == other)
      } else {
        let (one, other) = (set.remove(key), model.remove(key) != nil)
        #expect(one == other)
      }
      guard step.isMultiple(of: 2_000) else { continue }
      let sorted = model.sorted()
      #expect(Array(set) == sorted && set.invariantsHold())
      #expect(set.first == sorted.first && set.last == sorted.last && set.count == sorted.count)
      #expect(set.rank(of: key) == sorted.count { $0 < key })
    }
  }

  @Test func aHeapGivesTheLeastKeyWhateverWasChanged() {
    var (heap, model, dice) = (KeyedHeap<Int, Int>(), [Int: Int](), Dice(seed: 6))
    for _ in 0..<20_000 {
      let (element, key) = (Int.random(in: 0..<300, using: &dice), Int.random(in: 0..<1_000, using: &dice))
      let isOut = key < 300
      heap.set(element, isOut ? nil : key)
      model[element] = isOut ? nil : key
      #expect(heap.first?.key == model.values.min() && heap.count == model.count)
      #expect(heap.key(of: element) == model[element])
    }
    var last = 0
    while let next = heap.removeFirst() {
      #expect(next.key >= last)
      last = next.key
    }
  }
}

import MusicalTime

// Every search takes time in proportion to the logarithm of the table, and to what it finds.
extension RegionTable {
  /// The region at a place, or nil at the table's end.
  @_noLocks
  func region(at place: RegionPlace) -> UnsafePointer<ScheduledRegion>? {
    guard place.chunk < chunkCount else { return nil }
    return chunks[place.chunk].regions + place.offset
  }

  @_noLocks
  func place(after place: RegionPlace) -> RegionPlace {
    guard place.offset + 1 < chunks[place.chunk].count else { return RegionPlace(chunk: place.chunk + 1) }
    return RegionPlace(chunk: place.chunk, offset: place.offset + 1)
  }

  /// How many regions stand before a place.
  @_noLocks
  func index(of place: RegionPlace) -> Int {
    if place.chunk < chunkCount { return chunks[place.chunk].firstIndex + place.offset }
    return chunkCount == 0 ? 0 : chunks[chunkCount - 1].firstIndex + chunks[chunkCount - 1].count
  }

  /// The place of the first region that starts after a tick.
  @_noLocks
  func first(after tick: Double) -> RegionPlace {
    var low = 0
    var high = chunkCount
    while low < high {
      let middle = (low + high) >> 1
      if Double(chunks[middle].firstStart) <= tick { low = middle + 1 } else { high = middle }
    }
    // Either inside the last chunk that begins by then, or at the start of the next.
    guard low > 0 else { return RegionPlace() }
    let chunk = chunks[low - 1]
    var first = 0
    var end = chunk.count
    while first < end {
      let middle = (first + end) >> 1
      if Double(chunk.regions[middle].start) <= tick { first = middle + 1 } else { end = middle }
    }
    return first < chunk.count ? RegionPlace(chunk: low - 1, offset: first) : RegionPlace(chunk: low)
  }

  /// The region of that start and key, or nil.
  @_noLocks
  func find(start: Tick, key: UInt64) -> UnsafePointer<ScheduledRegion>? {
    var low = 0
    var high = chunkCount
    while low < high {
      let middle = (low + high) >> 1
      if Self.isBefore(chunks[middle].regions, start, key) { low = middle + 1 } else { high = middle }
    }
    if low < chunkCount, Self.isSame(chunks[low].regions, start, key) { return chunks[low].regions }
    guard low > 0 else { return nil }
    let chunk = chunks[low - 1]
    var first = 0
    var end = chunk.count
    while first < end {
      let middle = (first + end) >> 1
      if Self.isBefore(chunk.regions + middle, start, key) { first = middle + 1 } else { end = middle }
    }
    return first < chunk.count && Self.isSame(chunk.regions + first, start, key) ? chunk.regions + first : nil
  }

  @_noLocks
  private static func isBefore(
    _ region: UnsafePointer<ScheduledRegion>, _ start: Tick, _ key: UInt64
  ) -> Bool {
    region.pointee.start < start || (region.pointee.start == start && region.pointee.key < key)
  }

  @_noLocks
  private static func isSame(_ region: UnsafePointer<ScheduledRegion>, _ start: Tick, _ key: UInt64) -> Bool {
    region.pointee.start == start && region.pointee.key == key
  }

  /// The last place before another whose region ends after a tick; its chunk is −1 when there is none.
  @_noLocks
  func last(endingAfter tick: Double, before place: RegionPlace) -> RegionPlace {
    var chunk = place.chunk
    var offset = place.offset
    while true {
      if offset > 0 {
        offset = last(endingAfter: tick, before: offset, of: chunks + chunk)
        if offset >= 0 { return RegionPlace(chunk: chunk, offset: offset) }
      }
      chunk -= 1
      while chunk >= 0 {
        if Double(ends[chunk / Self.gathered]) <= tick {
          chunk = chunk / Self.gathered * Self.gathered - 1
        } else if Double(chunks[chunk].end) <= tick {
          chunk -= 1
        } else {
          break
        }
      }
      guard chunk >= 0 else { return RegionPlace(chunk: -1) }
      offset = chunks[chunk].count
    }
  }

  /// The same within a chunk, or −1.
  @_noLocks
  private func last(
    endingAfter tick: Double, before place: Int, of chunk: UnsafePointer<RegionChunkView>
  ) -> Int {
    var offset = place
    while offset > 0 {
      let gathering = (offset - 1) / Self.gathered
      if Double(chunk.pointee.ends[gathering]) <= tick {
        offset = gathering * Self.gathered
      } else {
        offset -= 1
        if Double(chunk.pointee.regions[offset].end) > tick { return offset }
      }
    }
    return -1
  }
}

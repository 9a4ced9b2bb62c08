/// A file that is whole and on the disk, and has not got its name yet. Dropped without `commit` it leaves
/// nothing behind. Ordinary threads, one at a time.
package struct FinishedFile {
  let target: WriteTarget

  package var path: String { target.path }

  /// Gives it its name, in the place of what stood there.
  package func commit() throws(MediaError) { try target.commit() }
}

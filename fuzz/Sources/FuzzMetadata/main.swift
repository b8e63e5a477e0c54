import Fuzzing
import PythonPackaging

// Core metadata: no bytes crash the reader, and what it finds can be asked for.
fuzz { bytes in
    guard let metadata = try? CoreMetadata(parsing: Array(bytes)) else {
        return
    }
    precondition(!metadata.name.isEmpty && !metadata.version.isEmpty && !metadata.metadataVersion.isEmpty)
    _ = (metadata.requiresPython, metadata.requiresDist, metadata.description, metadata.isTrustworthyUnbuilt)
    for field in metadata.fields { precondition(metadata.values(of: field.name).contains(field.value)) }
}

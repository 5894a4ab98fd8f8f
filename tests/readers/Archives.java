import java.io.FileInputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Prints the entries of archives as a reader finds them that never sees the table of contents at the end. */
class Archives {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            try (ZipInputStream archive = new ZipInputStream(new FileInputStream(file))) {
                for (ZipEntry entry; (entry = archive.getNextEntry()) != null; ) {
                    byte[] content = archive.readAllBytes();
                    CRC32 sum = new CRC32();
                    sum.update(content);
                    System.out.println(file + "\t" + entry.getName() + "\t" + content.length + "\t" + sum.getValue());
                }
            }
        }
    }
}

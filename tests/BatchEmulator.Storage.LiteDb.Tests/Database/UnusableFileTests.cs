using BatchEmulator.Core;
using BatchEmulator.Storage.LiteDb.Batch;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Tests.Database;

/// <summary>An unusable database is refused in one line, and left as it is.</summary>
public sealed class UnusableFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string FilePath => _folder.File("batch.litedb");

    private string LogPath => FilePath + LiteDbFile.LogSuffix;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void File_that_is_no_database_is_refused()
    {
        File.WriteAllText(FilePath, string.Join('\n', Enumerable.Repeat("This is a shopping list.", 1_000)));

        Line().Should().Contain($"{FilePath} is damaged").And.Contain("not a database").And.Contain("backup");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(8_192)]
    [InlineData(20_000)]
    public void Truncated_database_is_refused(long length)
    {
        Create();
        // The log of a killed server proves that there was content.
        File.WriteAllBytes(LogPath, length == 0 ? LogOfOneCommit() : []);
        using (var file = File.OpenWrite(FilePath))
        {
            file.SetLength(length);
        }

        Line().Should().Contain($"{FilePath} is damaged").And.Contain("backup");
        new FileInfo(FilePath).Length.Should().Be(length, "nothing was repaired away");
    }

    [Theory]
    [InlineData(4_096)]
    [InlineData(8_192)]
    public void Database_with_garbage_is_refused(int start)
    {
        Create();
        var bytes = File.ReadAllBytes(FilePath);
        for (var i = start; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i * 7);
        }

        File.WriteAllBytes(FilePath, bytes);

        Line().Should().Contain($"{FilePath} is damaged").And.Contain("backup");
    }

    [Fact]
    public void Database_of_a_newer_version_is_refused()
    {
        using (var file = Open())
        {
            file.Write(session => session.Upsert(LiteDbSchema.Meta, new BsonDocument { ["_id"] = "schema", ["version"] = 999 }));
        }

        Line().Should().Contain(FilePath).And.Contain("newer version").And.Contain("999").And.Contain("--data");
    }

    [Fact]
    public void Folder_in_place_of_the_file_is_refused()
    {
        Directory.CreateDirectory(FilePath);

        Line().Should().Contain(FilePath).And.Contain("cannot be opened").And.Contain("--data");
    }

    [Fact]
    public void Resource_of_an_unknown_kind_is_refused()
    {
        using (var file = Open())
        {
            file.Write(session => session.Insert(BatchSchema.Resources, new BsonDocument { ["_id"] = 1L, ["kind"] = 99 }));
        }

        Line().Should().Contain("unknown kind 99").And.Contain("Start the version that wrote it").And.NotContain("damaged");
    }

    [Fact]
    public void Document_that_cannot_be_read_is_refused()
    {
        using (var file = Open())
        {
            file.Write(session => session.Insert(BatchSchema.Definitions, new BsonDocument { ["_id"] = 1L, ["document"] = "{" }));
        }

        Line().Should().Contain($"{FilePath} is damaged").And.Contain("backup");
    }

    private BatchFile Open() => BatchFile.Open(FilePath);

    private void Create()
    {
        using var store = new LiteDbBatchStore(Open());
        store.Commit([.. new Conformance.Storage.JobPopulation(1).Setup]);
    }

    private byte[] LogOfOneCommit()
    {
        using var file = ItemFile.Open(_folder.File("other"));
        ItemFile.Add(file, count: 1);
        using var log = new FileStream(_folder.File("other" + LiteDbFile.LogSuffix), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[log.Length];
        log.ReadExactly(bytes);
        return bytes;
    }

    private string Line()
    {
        var start = () => UnusableFile.Refused(FilePath, () =>
        {
            using var store = new LiteDbBatchStore(Open());
            return store.Load();
        });
        var line = start.Should().Throw<StartException>().Which.Message;
        line.Should().NotContain("\n");
        return line;
    }
}

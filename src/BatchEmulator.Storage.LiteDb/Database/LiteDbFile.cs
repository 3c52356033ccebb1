using LiteDB;
using LiteDB.Engine;

namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>
/// A LiteDB database: a data file, and beside it a log of the commits since the last checkpoint. One thread writes at a time; any number of
/// threads read at the same time, and none of them waits for the other side.
/// </summary>
internal sealed class LiteDbFile : IDisposable
{
    /// <summary>Suffix of the log's name after that of the data file.</summary>
    public const string LogSuffix = "-wal";

    /// <summary>
    /// Size of the log at which a checkpoint is made: it limits the duration of a checkpoint, for which the writer waits, and of a start.
    /// </summary>
    private const long CheckpointBytes = 16L * 1024 * 1024;

    /// <summary>Size of the log at which the writer waits for reads of older states, which prevent a checkpoint.</summary>
    private const long WaitingBytes = 4 * CheckpointBytes;

    /// <summary>A commit of more pages than this (16 MB) is followed by a new engine, since a page cache never shrinks.</summary>
    private const int MaximumPagesOfCommit = 2_000;

    /// <summary>Maximum time for which the writer waits for reads of older states.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _writing = new();
    private readonly LiteDbSchema _schema;
    private readonly DataFile _data;
    private readonly CommitLog _log;
    private readonly Snapshots _snapshots;
    private LiteEngine? _engine;
    private LiteDbSession? _session;

    /// <summary>Opens the file, creates or migrates it.</summary>
    /// <param name="path">Path of the data file.</param>
    /// <param name="schema">Its migrations.</param>
    /// <param name="isFlushed">True for commits that survive a loss of power; false for those that survive the end of the process.</param>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    /// <exception cref="DamagedFileException">The file is damaged.</exception>
    public LiteDbFile(string path, LiteDbSchema schema, bool isFlushed = true)
    {
        Path = path;
        _schema = schema;
        // A link to a file on another disk also determines the place of the log.
        var target = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        _data = new DataFile(new PrivateFile(target));
        try
        {
            _log = new CommitLog(new PrivateFile(target + LogSuffix), isFlushed);
            _snapshots = new Snapshots(_data, _log);
            Begin();
        }
        catch (Exception exception)
        {
            _engine?.Dispose();
            _log?.Dispose();
            _data.Dispose();
            if (DamagedFileException.IsCauseOf(exception))
            {
                throw new DamagedFileException(exception.Message, exception);
            }

            throw;
        }
    }

    public string Path { get; }

    /// <summary>Reads the last committed state. Its documents are read as they are enumerated, and must not be used afterwards.</summary>
    public T Read<T>(Func<LiteDbSession, T> read) => _snapshots.Read(read);

    /// <summary>Writes in one transaction: everything is committed when the method returns, and nothing if it throws.</summary>
    public void Write(Action<LiteDbSession> write)
    {
        lock (_writing)
        {
            if (_engine is null || _session is null)
            {
                OpenEngine();
            }

            try
            {
                _engine!.BeginTrans();
                write(_session!);
                _engine.Commit();
                _log.ThrowIfFailed();
            }
            catch
            {
                // The state of an engine whose transaction failed is unreliable: the next one begins with the committed state.
                CloseEngine();
                _log.Revert();
                throw;
            }

            Maintain();
        }
    }

    /// <summary>Replaces the whole database in one commit, whatever its size.</summary>
    /// <param name="fill">Writes the first documents of the new database.</param>
    public void Replace(Action<LiteDbSession> fill)
    {
        var image = DatabaseImage.Create(session =>
        {
            _schema.Migrate(session);
            fill(session);
        });
        lock (_writing)
        {
            CloseEngine();
            try
            {
                _log.Replace(image);
            }
            catch
            {
                _log.Revert();
                throw;
            }

            OpenEngine();
            Maintain();
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            _snapshots.Dispose();
            if (_engine is not null && _snapshots.WaitForOlder(Patience))
            {
                Checkpoint();
            }

            CloseEngine();
            _log.Dispose();
            _data.Dispose();
        }
    }

    private void Begin()
    {
        if (_data.Length > 0)
        {
            PageCheck.Check(_data, _log);
        }
        else if (_log.Length > 0)
        {
            throw new DamagedFileException("the file is empty, but had content.");
        }

        OpenEngine();
        if (!_schema.IsCurrent(_session!))
        {
            Write(_schema.Migrate);
        }
    }

    private void OpenEngine()
    {
        _engine = new LiteEngine(new EngineSettings { DataStream = _data, LogStream = _log, Collation = Collation.Binary });
        // LiteDB would make checkpoints during reads.
        _engine.Pragma("CHECKPOINT", 0);
        _session = new LiteDbSession(_engine);
    }

    private void CloseEngine()
    {
        _engine?.Dispose();
        (_engine, _session) = (null, null);
    }

    /// <summary>Makes a checkpoint if it is due, and limits the memory of the engine.</summary>
    private void Maintain()
    {
        var isLargeCommit = _log.LastCommitSize > MaximumPagesOfCommit;
        if (_log.Length > CheckpointBytes && _snapshots.WaitForOlder(_log.Length > WaitingBytes ? Patience : TimeSpan.Zero))
        {
            Checkpoint();
        }

        if (isLargeCommit)
        {
            CloseEngine();
        }
    }

    private void Checkpoint()
    {
        try
        {
            _engine!.Checkpoint();
            _data.Trim();
        }
        catch (IOException)
        {
            // E.g. the disk is full. The committed data is in the log, and the next commit tries again.
            CloseEngine();
        }
    }
}

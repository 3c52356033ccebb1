namespace BatchEmulator.Hosting.Http;

/// <summary>
/// Runs reads on a few dedicated threads, first come, first served. A waiting read occupies no thread, and a running one none of the thread
/// pool's, which the engine, submits and health checks depend on: however many clients list jobs, only other reads wait for them.
/// </summary>
internal sealed class ReadLane : IDisposable
{
    private readonly LinkedList<Waiting> _waiting = new();
    private readonly List<Thread> _threads;
    private bool _isClosed;

    /// <param name="threads">Number of concurrent reads.</param>
    public ReadLane(int threads)
    {
        _threads = [.. Enumerable.Range(1, threads).Select(i => new Thread(Serve) { IsBackground = true, Name = $"Reader {i}" })];
        _threads.ForEach(t => t.Start());
    }

    /// <summary>
    /// Half of the processors: the other half is for everything but reads. More than eight would only contend for one file.
    /// </summary>
    public static int DefaultThreads => Math.Clamp(Environment.ProcessorCount / 2, 1, 8);

    /// <summary>Number of reads that wait for a thread.</summary>
    public int Length
    {
        get
        {
            lock (_waiting)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Runs a read when its turn comes. A caller that cancels before that gives up its place.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled, or the lane was closed.</exception>
    public async Task<T> RunAsync<T>(Func<T> read, CancellationToken cancellationToken)
    {
        var waiting = new Waiting<T>(read);
        Enter(waiting);
        await using var leaving = cancellationToken.UnsafeRegister(_ => Leave(waiting), null);
        return await waiting.Result;
    }

    /// <summary>Lets running reads end, and runs no others.</summary>
    public void Dispose()
    {
        List<Waiting> left;
        lock (_waiting)
        {
            _isClosed = true;
            left = [.. _waiting];
            _waiting.Clear();
            Monitor.PulseAll(_waiting);
        }

        left.ForEach(w => w.Cancel());
        _threads.ForEach(t => t.Join());
    }

    private void Enter(Waiting waiting)
    {
        lock (_waiting)
        {
            if (!_isClosed)
            {
                _waiting.AddLast(waiting.Place);
                Monitor.Pulse(_waiting);
                return;
            }
        }

        waiting.Cancel();
    }

    private void Leave(Waiting waiting)
    {
        lock (_waiting)
        {
            if (waiting.Place.List is null)
            {
                // It is running, or has run.
                return;
            }

            _waiting.Remove(waiting.Place);
        }

        waiting.Cancel();
    }

    private void Serve()
    {
        while (Next() is { } waiting)
        {
            waiting.Run();
        }
    }

    private Waiting? Next()
    {
        lock (_waiting)
        {
            while (_waiting.First is null)
            {
                if (_isClosed)
                {
                    return null;
                }

                Monitor.Wait(_waiting);
            }

            var first = _waiting.First.Value;
            _waiting.RemoveFirst();
            return first;
        }
    }

    private abstract class Waiting
    {
        protected Waiting() => Place = new(this);

        public LinkedListNode<Waiting> Place { get; }

        public abstract void Run();

        public abstract void Cancel();
    }

    private sealed class Waiting<T>(Func<T> read) : Waiting
    {
        // Continuations of a read must not run on the lane's thread.
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Result => _result.Task;

        public override void Run()
        {
            try
            {
                _result.SetResult(read());
            }
            catch (Exception exception)
            {
                _result.SetException(exception);
            }
        }

        public override void Cancel() => _result.TrySetCanceled();
    }
}

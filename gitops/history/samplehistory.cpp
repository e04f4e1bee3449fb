// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/history/samplehistory.h"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace gitops {

namespace {

constexpr int kVersion = 1;
constexpr std::size_t kMostRows = 200'000; ///< of one answer

std::int64_t secondsOf(core::WallTime at)
{
    return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

core::Error problemOf(sqlite3* database)
{
    return {core::ErrorCode::Disk,
            std::string("the store of samples: ") + sqlite3_errmsg(database),
            {},
            core::Fault::Machine,
            {}};
}

/// A prepared statement; bound values must outlive the step.
class Statement
{
public:
    Statement(sqlite3* database, const char* text)
    {
        sqlite3_prepare_v2(database, text, -1, &m_statement, nullptr);
    }
    ~Statement() { sqlite3_finalize(m_statement); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(int at, const std::string& text)
    {
        sqlite3_bind_text64(m_statement, at, text.data(), text.size(), nullptr, SQLITE_UTF8);
        return *this;
    }
    Statement& bind(int at, std::int64_t value)
    {
        sqlite3_bind_int64(m_statement, at, value);
        return *this;
    }
    Statement& bind(int at, double value)
    {
        sqlite3_bind_double(m_statement, at, value);
        return *this;
    }
    int step() { return sqlite3_step(m_statement); }
    void reset() { sqlite3_reset(m_statement); }
    std::int64_t integer(int column) const { return sqlite3_column_int64(m_statement, column); }
    double number(int column) const { return sqlite3_column_double(m_statement, column); }
    std::string text(int column) const
    {
        const unsigned char* bytes = sqlite3_column_text(m_statement, column);
        return bytes ? std::string(reinterpret_cast<const char*>(bytes),
                                   std::size_t(sqlite3_column_bytes(m_statement, column)))
                     : std::string();
    }

private:
    sqlite3_stmt* m_statement = nullptr; ///< null steps to SQLITE_MISUSE
};

void removeFiles(const std::string& path)
{
    std::error_code ignored;
    for (const char* ending : {"", "-wal", "-shm"})
        std::filesystem::remove(path + ending, ignored);
}

} // namespace

core::Result<std::unique_ptr<SampleHistory>> SampleHistory::open(const std::string& path,
                                                                 std::chrono::seconds kept)
{
    for (const bool again : {false, true}) {
        sqlite3* database = nullptr;
        const int code = sqlite3_open_v2(
            path.c_str(), &database,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr);
        std::unique_ptr<SampleHistory> out(new SampleHistory(database, kept));
        auto prepared = code == SQLITE_OK
            ? out->prepare()
            : core::Result<void>(std::unexpected(problemOf(database)));
        if (prepared)
            return out;
        if (again)
            return std::unexpected(std::move(prepared.error()));
        out.reset();
        removeFiles(path);
    }
    return core::failure(core::ErrorCode::Disk, "the store of samples cannot be opened");
}

SampleHistory::SampleHistory(sqlite3* database, std::chrono::seconds kept)
    : m_database(database)
    , m_kept(kept)
{
}

SampleHistory::~SampleHistory()
{
    sqlite3_close_v2(m_database);
}

core::Result<void> SampleHistory::run(const char* statement)
{
    if (sqlite3_exec(m_database, statement, nullptr, nullptr, nullptr) != SQLITE_OK)
        return std::unexpected(problemOf(m_database));
    return {};
}

core::Result<void> SampleHistory::prepare()
{
    sqlite3_busy_timeout(m_database, 2'000);
    if (auto done = run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"); !done)
        return done;
    {
        Statement version(m_database, "PRAGMA user_version");
        if (version.step() != SQLITE_ROW)
            return std::unexpected(problemOf(m_database));
        if (const auto found = version.integer(0); found != 0 && found != kVersion)
            return core::failure(core::ErrorCode::Unsupported,
                                 "the store of samples is of another version");
    }
    return run("CREATE TABLE IF NOT EXISTS series(id INTEGER PRIMARY KEY, subject TEXT NOT NULL,"
               " measure INTEGER NOT NULL, part TEXT NOT NULL, source TEXT NOT NULL,"
               " simulated INTEGER NOT NULL, UNIQUE(subject, measure, part, source));"
               "CREATE TABLE IF NOT EXISTS sample(series INTEGER NOT NULL, at INTEGER NOT NULL,"
               " value REAL NOT NULL, gap INTEGER NOT NULL, PRIMARY KEY(series, at)) WITHOUT ROWID;"
               "PRAGMA user_version=1;");
}

core::Result<void> SampleHistory::add(const std::vector<core::Series>& series)
{
    const std::lock_guard lock(m_mutex);
    if (auto begun = run("BEGIN"); !begun)
        return begun;
    bool isGood = true;
    {
        Statement makeSeries(m_database,
                             "INSERT OR IGNORE INTO series(subject, measure, part, source,"
                             " simulated) VALUES(?, ?, ?, ?, ?)");
        Statement findSeries(m_database,
                             "SELECT id FROM series WHERE subject=? AND measure=? AND part=?"
                             " AND source=?");
        Statement addSample(m_database,
                            "INSERT OR REPLACE INTO sample(series, at, value, gap)"
                            " VALUES(?, ?, ?, ?)");
        for (const core::Series& each : series) {
            const auto measure = std::int64_t(each.key.measure);
            makeSeries.bind(1, each.key.subject).bind(2, measure).bind(3, each.key.part);
            makeSeries.bind(4, each.source).bind(5, std::int64_t(each.simulated));
            isGood = isGood && makeSeries.step() == SQLITE_DONE;
            makeSeries.reset();
            findSeries.bind(1, each.key.subject).bind(2, measure).bind(3, each.key.part);
            findSeries.bind(4, each.source);
            isGood = isGood && findSeries.step() == SQLITE_ROW;
            const std::int64_t id = isGood ? findSeries.integer(0) : 0;
            findSeries.reset();
            for (const core::Sample& sample : each.samples) {
                if (!isGood || !std::isfinite(sample.value))
                    continue;
                addSample.bind(1, id).bind(2, secondsOf(sample.at)).bind(3, sample.value);
                addSample.bind(4, std::int64_t(sample.afterGap));
                isGood = addSample.step() == SQLITE_DONE;
                addSample.reset();
            }
        }
    }
    if (isGood)
        return run("COMMIT");
    auto problem = problemOf(m_database);
    (void)run("ROLLBACK");
    return std::unexpected(std::move(problem));
}

std::vector<core::Series> SampleHistory::of(const std::string& subject,
                                            const std::vector<core::Measure>& measures,
                                            core::WallTime from, core::WallTime to) const
{
    const std::lock_guard lock(m_mutex);
    Statement rows(m_database,
                   "SELECT measure, part, source, simulated, at, value, gap FROM series JOIN sample"
                   " ON sample.series = series.id WHERE subject=? AND at>=? AND at<=?"
                   " ORDER BY measure, part, source, at LIMIT ?");
    rows.bind(1, subject).bind(2, secondsOf(from)).bind(3, secondsOf(to));
    rows.bind(4, std::int64_t(kMostRows));
    std::vector<core::Series> out;
    while (rows.step() == SQLITE_ROW) {
        const std::int64_t number = rows.integer(0);
        if (number < 0 || number >= std::int64_t(std::size(core::kMeasures)))
            continue; // of a newer Wavewright
        const auto measure = core::Measure(number);
        if (!measures.empty() && std::ranges::find(measures, measure) == measures.end())
            continue;
        const core::SeriesKey key {subject, measure, rows.text(1)};
        const std::string source = rows.text(2);
        if (out.empty() || out.back().key != key || out.back().source != source)
            out.push_back({key, source, rows.integer(3) != 0, {}});
        out.back().samples.push_back({core::WallTime(std::chrono::seconds(rows.integer(4))),
                                      rows.number(5), rows.integer(6) != 0});
    }
    return out;
}

core::Result<void> SampleHistory::prune(core::WallTime now)
{
    const std::lock_guard lock(m_mutex);
    Statement old(m_database, "DELETE FROM sample WHERE at < ?");
    old.bind(1, secondsOf(now - m_kept));
    if (old.step() != SQLITE_DONE)
        return std::unexpected(problemOf(m_database));
    return run("DELETE FROM series WHERE id NOT IN (SELECT DISTINCT series FROM sample)");
}

} // namespace gitops

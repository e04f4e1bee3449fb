// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/theme/colours.h"

#include <QTest>

#include <array>
#include <cmath>
#include <numbers>

using widgets::Colours;

namespace {

using Vector = std::array<double, 3>;

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

Vector linearRgb(const QColor& colour)
{
    return {linear(colour.redF()), linear(colour.greenF()), linear(colour.blueF())};
}

double luminance(const QColor& colour)
{
    const Vector c = linearRgb(colour);
    return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
}

/// WCAG 2 contrast, 1 to 21.
double contrast(const QColor& a, const QColor& b)
{
    const double x = luminance(a);
    const double y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

using Matrix = std::array<Vector, 3>;
// Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
constexpr Matrix kNormal {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr Matrix kProtan {{{0.152286, 1.052583, -0.204868},
                           {0.114503, 0.786281, 0.099216},
                           {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeutan {{{0.367322, 0.860646, -0.227968},
                           {0.280085, 0.672501, 0.047413},
                           {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritan {{{1.255528, -0.076749, -0.178779},
                           {-0.078411, 0.930809, 0.147602},
                           {0.004733, 0.691367, 0.303900}}};

Vector toLab(const QColor& colour, const Matrix& eyes)
{
    const Vector c = linearRgb(colour);
    Vector seen {};
    for (std::size_t i = 0; i < 3; ++i)
        seen[i] = std::clamp(eyes[i][0] * c[0] + eyes[i][1] * c[1] + eyes[i][2] * c[2], 0.0, 1.0);
    const double x = (0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2]) / 0.95047;
    const double y = 0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2];
    const double z = (0.0193339 * seen[0] + 0.1191920 * seen[1] + 0.9503041 * seen[2]) / 1.08883;
    auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    return {116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))};
}

double hue(double b, double a)
{
    const double angle = std::atan2(b, a) * 180 / std::numbers::pi;
    return angle < 0 ? angle + 360 : angle;
}

double cosine(double degrees)
{
    return std::cos(degrees * std::numbers::pi / 180);
}

/// CIEDE2000 (Sharma, Wu and Dalal 2005).
double difference(const Vector& one, const Vector& two)
{
    const double meanC = (std::hypot(one[1], one[2]) + std::hypot(two[1], two[2])) / 2;
    const double g =
        0.5 * (1 - std::sqrt(std::pow(meanC, 7) / (std::pow(meanC, 7) + std::pow(25.0, 7))));
    const double a1 = (1 + g) * one[1];
    const double a2 = (1 + g) * two[1];
    const double c1 = std::hypot(a1, one[2]);
    const double c2 = std::hypot(a2, two[2]);
    const double h1 = hue(one[2], a1);
    const double h2 = hue(two[2], a2);
    double dh = h2 - h1;
    if (std::abs(dh) > 180)
        dh -= dh > 0 ? 360 : -360;
    const double bigH = 2 * std::sqrt(c1 * c2) * std::sin(dh / 2 * std::numbers::pi / 180);
    const double l = (one[0] + two[0]) / 2;
    const double c = (c1 + c2) / 2;
    double h = (h1 + h2) / 2;
    if (std::abs(h1 - h2) > 180)
        h += h1 + h2 < 360 ? 180 : -180;
    const double t = 1 - 0.17 * cosine(h - 30) + 0.24 * cosine(2 * h) + 0.32 * cosine(3 * h + 6)
        - 0.20 * cosine(4 * h - 63);
    const double sl = 1 + 0.015 * (l - 50) * (l - 50) / std::sqrt(20 + (l - 50) * (l - 50));
    const double sc = 1 + 0.045 * c;
    const double sh = 1 + 0.015 * c * t;
    const double theta = 30 * std::exp(-std::pow((h - 275) / 25, 2));
    const double rc = 2 * std::sqrt(std::pow(c, 7) / (std::pow(c, 7) + std::pow(25.0, 7)));
    const double rt = -std::sin(2 * theta * std::numbers::pi / 180) * rc;
    const double dl = (two[0] - one[0]) / sl;
    const double dc = (c2 - c1) / sc;
    const double dH = bigH / sh;
    return std::sqrt(dl * dl + dc * dc + dH * dH + rt * dc * dH);
}

std::vector<std::pair<const char*, QColor>> states(const Colours& c)
{
    return {{"healthy", c.healthy},     {"progressing", c.progressing}, {"degraded", c.degraded},
            {"outOfSync", c.outOfSync}, {"suspended", c.suspended},     {"unknown", c.unknown}};
}

} // namespace

/// The states stay apart for every eye, and everything can be read.
class TestColours : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void theMeasureIsRight()
    {
        // Two pairs of Sharma's published test data.
        QVERIFY(std::abs(difference({50, 2.6772, -79.7751}, {50, 0, -82.7485}) - 2.0425) < 1e-4);
        QVERIFY(std::abs(difference({2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}) - 0.9082)
                < 1e-4);
    }

    void statesStayApart_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<int>("eyes");
        for (bool dark : {false, true})
            for (int eyes = 0; eyes < 4; ++eyes)
                QTest::addRow("%s %d", dark ? "dark" : "light", eyes) << dark << eyes;
    }

    void statesStayApart()
    {
        QFETCH(bool, dark);
        QFETCH(int, eyes);
        const Matrix* matrices[] = {&kNormal, &kProtan, &kDeutan, &kTritan};
        const auto all = states(dark ? widgets::darkColours() : widgets::lightColours());
        for (std::size_t i = 0; i < all.size(); ++i)
            for (std::size_t j = i + 1; j < all.size(); ++j) {
                const double apart = difference(toLab(all[i].second, *matrices[eyes]),
                                                toLab(all[j].second, *matrices[eyes]));
                QVERIFY2(
                    apart >= 15,
                    qPrintable(QStringLiteral("%1 and %2 are %3 apart")
                                   .arg(QLatin1String(all[i].first), QLatin1String(all[j].first))
                                   .arg(apart)));
            }
    }

    void everythingCanBeRead_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void everythingCanBeRead()
    {
        QFETCH(bool, dark);
        const Colours& c = dark ? widgets::darkColours() : widgets::lightColours();
        for (const auto& [name, colour] : states(c))
            QVERIFY2(contrast(colour, c.surface) >= 3,
                     qPrintable(QStringLiteral("%1 has %2")
                                    .arg(QLatin1String(name))
                                    .arg(contrast(colour, c.surface))));
        for (const QColor& back : {c.window, c.surface, c.raised, c.selection, c.infoBack,
                                   c.warningBack, c.errorBack, c.liveLine, c.desiredLine})
            QVERIFY2(contrast(c.text, back) >= 7, qPrintable(back.name()));
        for (const QColor& back :
             {c.window, c.surface, c.raised, c.selection, c.liveLine, c.desiredLine})
            QVERIFY2(contrast(c.secondary, back) >= 4.5, qPrintable(back.name()));
        for (const auto& [front, back] :
             {std::pair(c.onAccent, c.accent), std::pair(c.onDanger, c.danger),
              std::pair(c.onPractice, c.practice)})
            QVERIFY2(contrast(front, back) >= 4.5, qPrintable(back.name()));
        for (const QColor& yaml : {c.yamlKey, c.yamlString, c.yamlNumber})
            for (const QColor& back : {c.surface, c.liveLine, c.desiredLine})
                QVERIFY2(contrast(yaml, back) >= 4.5, qPrintable(yaml.name()));
    }

    void paletteLeadsBackToItsColours()
    {
        QVERIFY(&widgets::coloursOf(widgets::paletteOf(widgets::darkColours()))
                == &widgets::darkColours());
        QVERIFY(&widgets::coloursOf(widgets::paletteOf(widgets::lightColours()))
                == &widgets::lightColours());
    }
};

WW_TEST_CLASS(TestColours)
#include "tst_colours.moc"

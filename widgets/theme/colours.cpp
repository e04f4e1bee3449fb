// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/colours.h"

namespace widgets {

namespace {

QColor rgb(unsigned value)
{
    return QColor(QRgb(0xff000000U | value));
}

Colours makeLight()
{
    Colours c;
    c.window = rgb(0xf3f4f7);
    c.surface = rgb(0xffffff);
    c.raised = rgb(0xfafbfc);
    c.hover = rgb(0xf1f3f8);
    c.border = rgb(0xe1e4ea);
    c.strongBorder = rgb(0xc6ccd6);
    c.text = rgb(0x1b2028);
    c.secondary = rgb(0x5a6472);
    c.faint = rgb(0x9aa3b0);
    c.accent = rgb(0x4651c9);
    c.onAccent = rgb(0xffffff);
    c.selection = rgb(0xe3e6fb);
    c.healthy = rgb(0x1b635b);
    c.progressing = rgb(0x079ced);
    c.degraded = rgb(0x8c1002);
    c.outOfSync = rgb(0xab8408);
    c.suspended = rgb(0x7e01bd);
    c.unknown = rgb(0x939597);
    c.liveLine = rgb(0xfdeeea);
    c.liveWord = rgb(0xf8cfc5);
    c.desiredLine = rgb(0xe7f3fd);
    c.desiredWord = rgb(0xbcdff9);
    c.yamlKey = rgb(0x2d4b8e);
    c.yamlString = rgb(0x2c6149);
    c.yamlNumber = rgb(0x8a4a0b);
    c.infoBack = rgb(0xe9edfd);
    c.warningBack = rgb(0xfcf4dc);
    c.errorBack = rgb(0xfbe9e6);
    c.practice = rgb(0xbf4f0b);
    c.onPractice = rgb(0xffffff);
    c.danger = rgb(0xa51e10);
    c.onDanger = rgb(0xffffff);
    return c;
}

Colours makeDark()
{
    Colours c;
    c.dark = true;
    c.window = rgb(0x17181b);
    c.surface = rgb(0x1e1e1f);
    c.raised = rgb(0x27292d);
    c.hover = rgb(0x26282d);
    c.border = rgb(0x313338);
    c.strongBorder = rgb(0x474b53);
    c.text = rgb(0xe5e8ec);
    c.secondary = rgb(0x9ea6b1);
    c.faint = rgb(0x69707b);
    c.accent = rgb(0x96a4ff);
    c.onAccent = rgb(0x12152e);
    c.selection = rgb(0x2d3457);
    c.healthy = rgb(0x218a6c);
    c.progressing = rgb(0x72b4ff);
    c.degraded = rgb(0xdc0c05);
    c.outOfSync = rgb(0xd9af09);
    c.suspended = rgb(0xc414a6);
    c.unknown = rgb(0xd2d5d8);
    c.liveLine = rgb(0x3a2322);
    c.liveWord = rgb(0x66302c);
    c.desiredLine = rgb(0x1d2f40);
    c.desiredWord = rgb(0x27506f);
    c.yamlKey = rgb(0x9db8f2);
    c.yamlString = rgb(0x9fd0b4);
    c.yamlNumber = rgb(0xe5b27c);
    c.infoBack = rgb(0x252a44);
    c.warningBack = rgb(0x39301a);
    c.errorBack = rgb(0x402321);
    c.practice = rgb(0xf08a3c);
    c.onPractice = rgb(0x201003);
    c.danger = rgb(0xe5584a);
    c.onDanger = rgb(0x240502);
    return c;
}

} // namespace

const Colours& lightColours()
{
    static const Colours colours = makeLight();
    return colours;
}

const Colours& darkColours()
{
    static const Colours colours = makeDark();
    return colours;
}

const Colours& coloursOf(const QPalette& palette)
{
    return palette.color(QPalette::Active, QPalette::Window).lightness() < 128 ? darkColours()
                                                                               : lightColours();
}

QPalette paletteOf(const Colours& c)
{
    QPalette palette;
    palette.setColor(QPalette::Window, c.window);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.surface);
    palette.setColor(QPalette::AlternateBase, c.raised);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::PlaceholderText, c.faint);
    palette.setColor(QPalette::Button, c.raised);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, c.danger);
    palette.setColor(QPalette::Highlight, c.selection);
    palette.setColor(QPalette::HighlightedText, c.text);
    palette.setColor(QPalette::Link, c.accent);
    palette.setColor(QPalette::LinkVisited, c.accent);
    palette.setColor(QPalette::ToolTipBase, c.raised);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::Light, c.raised);
    palette.setColor(QPalette::Midlight, c.border);
    palette.setColor(QPalette::Mid, c.border);
    palette.setColor(QPalette::Dark, c.strongBorder);
    palette.setColor(QPalette::Shadow, c.dark ? QColor(Qt::black) : c.strongBorder);
    for (auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, c.faint);
    return palette;
}

QColor mixed(const QColor& front, const QColor& back, double share)
{
    auto channel = [share](int a, int b) { return int(a * share + b * (1 - share) + 0.5); };
    return QColor(channel(front.red(), back.red()), channel(front.green(), back.green()),
                  channel(front.blue(), back.blue()));
}

} // namespace widgets
